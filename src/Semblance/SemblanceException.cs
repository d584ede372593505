namespace Semblance;

/// <summary>
/// A failure that a person can act on: the message says what went wrong, where, what was expected and what to do.
/// The command line prints the message alone and exits with 1.
/// </summary>
public class SemblanceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line for a person: what, where, what to do.</param>
    /// <param name="cause">What was caught underneath, if anything.</param>
    public SemblanceException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>A value that the caller chose is wrong (an option, a config key); the command line exits with 2.</summary>
public sealed class UsageException : SemblanceException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line for a person: which value, what was expected.</param>
    /// <param name="cause">What was caught underneath, if anything.</param>
    public UsageException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

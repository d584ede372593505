namespace Semblance.Training.Export;

/// <summary>A module that describes what it computes in evaluation mode.</summary>
internal interface IOnnxNode
{
    /// <summary>Adds the module's nodes.</summary>
    /// <param name="graph">Collects the nodes.</param>
    /// <param name="input">The name of the input tensor.</param>
    /// <returns>The name of the output tensor.</returns>
    string Describe(OnnxGraph graph, string input);
}

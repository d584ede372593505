using System.Text.Json.Serialization;
using Semblance.Evaluation.Identification;
using Semblance.Evaluation.Verification;

namespace Semblance.Evaluation;

/// <summary>Serialisation without reflection; an infinite threshold (of infinite scores) is written as a string.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(VerificationReport))]
[JsonSerializable(typeof(IdentificationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;

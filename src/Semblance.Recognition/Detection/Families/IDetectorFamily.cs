using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Families;

/// <summary>A family of detectors: recognises its graphs and knows their recipe.</summary>
internal interface IDetectorFamily
{
    /// <summary>Its name (<see cref="DetectorFamily"/>).</summary>
    string Name { get; }

    /// <summary>The outputs that its graphs have, for messages.</summary>
    string Layout { get; }

    /// <summary>The recipe for a graph; null where it is none of this family.</summary>
    DetectorRecipe? Recognise(ModelGraph graph, GraphProbe probe);
}

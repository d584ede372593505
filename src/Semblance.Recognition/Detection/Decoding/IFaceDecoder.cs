using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>Reads faces from a graph's outputs. Safe to call from several threads at once.</summary>
internal interface IFaceDecoder
{
    /// <summary>Adds the candidates of a frame whose score reaches a threshold, in pixels of the frame.</summary>
    /// <param name="outputs">The graph's outputs.</param>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    /// <param name="minScore">The least score.</param>
    /// <param name="into">Where they go.</param>
    void Decode(GraphOutputs outputs, int width, int height, float minScore, List<Candidate> into);
}

using Semblance.Training.Backbones;
using TorchSharp.Modules;

namespace Semblance.Training.Loop;

/// <summary>While it lives, no parameter of a backbone takes a gradient but those of its last layer.</summary>
internal sealed class FrozenTrunk : IDisposable
{
    private readonly List<Parameter> _frozen = [];

    public FrozenTrunk(Backbone backbone)
    {
        foreach ((string name, Parameter parameter) in backbone.named_parameters())
        {
            if (parameter.requires_grad && !backbone.IsOfLastLayer(name))
            {
                parameter.requires_grad = false;
                _frozen.Add(parameter);
            }
        }
    }

    public void Dispose() => _frozen.ForEach(parameter => parameter.requires_grad = true);
}

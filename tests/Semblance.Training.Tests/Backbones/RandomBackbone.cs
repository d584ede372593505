using Semblance.Training.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Backbones;

/// <summary>Backbones whose batch norms and slopes hold random values, as after training, in evaluation mode.</summary>
internal static class RandomBackbone
{
    public static Backbone Create(string name, int embeddingSize, int inputSize, double dropout = 0)
    {
        Backbone backbone = BackboneRegistry.Create(name, embeddingSize, inputSize, dropout);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        foreach (nn.Module module in backbone.modules())
        {
            switch (module)
            {
                case NormBase norm:
                    nn.init.uniform_(norm.weight, 0.5, 1.5);
                    nn.init.normal_(norm.bias!, 0, 0.2);
                    nn.init.normal_(norm.running_mean!, 0, 0.2);
                    nn.init.uniform_(norm.running_var!, 0.5, 2);
                    break;
                case PReLU prelu:
                    nn.init.uniform_(prelu.weight, 0.05, 0.5);
                    break;
            }
        }

        backbone.eval();
        return backbone;
    }
}

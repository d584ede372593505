using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>Rows scaled to unit length, with a gradient that stays finite for a row without direction.</summary>
public static class UnitRows
{
    /// <summary>Rows shorter than this have no direction: x/‖x‖ would have a gradient of the order of 1/‖x‖.</summary>
    public const double SmallestNorm = 1e-12;

    /// <summary>x/‖x‖ for each row; a row shorter than <see cref="SmallestNorm"/> becomes zero and receives a zero gradient.</summary>
    /// <param name="rows">[n × dim], float32 or float64.</param>
    /// <returns>[n × dim], attached to the graph; owned by the caller's dispose scope.</returns>
    public static Tensor Of(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using DisposeScope scope = NewDisposeScope();
        Tensor squared = rows.square().sum(1, keepdim: true);
        Tensor hasDirection = squared.gt(SmallestNorm * SmallestNorm);
        // The root is taken of 1 where there is no direction, since a mask after it would turn an infinite slope into NaN.
        Tensor inverse = where(hasDirection, squared, ones_like(squared)).rsqrt() * hasDirection;
        return (rows * inverse).MoveToOuterDisposeScope();
    }

    /// <summary>‖x‖ for each row, with a zero gradient for rows shorter than <see cref="SmallestNorm"/>.</summary>
    /// <param name="rows">[n × dim], float32 or float64.</param>
    /// <returns>[n], attached to the graph; owned by the caller's dispose scope.</returns>
    public static Tensor Norms(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using DisposeScope scope = NewDisposeScope();
        Tensor squared = rows.square().sum(1);
        Tensor hasDirection = squared.gt(SmallestNorm * SmallestNorm);
        return (where(hasDirection, squared, ones_like(squared)).sqrt() * hasDirection).MoveToOuterDisposeScope();
    }
}

namespace Semblance.Data.Tests;

public sealed class AugmentationOptionsTests
{
    [Fact]
    public void DefaultsAndNoneAreValid()
    {
        new AugmentationOptions().Validate();
        AugmentationOptions.None.Validate();
    }

    public static TheoryData<AugmentationOptions, string> Faulty => new()
    {
        { new() { FlipProbability = 1.5 }, "augmentation.flip_probability is 1.5; expected 0 to 1." },
        { new() { CropMinArea = 0.9, CropMaxArea = 0.8 }, "augmentation.crop_min_area is 0.9; expected 0.01 to 0.8." },
        { new() { CropAspect = 0.5 }, "augmentation.crop_aspect is 0.5; expected 1 to 4." },
        { new() { BlurSigma = double.NaN }, "augmentation.blur_sigma is NaN; expected 0.3 to 8." },
        { new() { JpegMinQuality = 95 }, "augmentation.jpeg_min_quality is 95; expected 1 to 90." },
        { new() { ErasingMinArea = 0.5 }, "augmentation.erasing_min_area is 0.5; expected 0 to 0.15." },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void AValueOutOfRangeIsNamedByItsKey(AugmentationOptions options, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => options.Validate()).Message);

    [Fact]
    public void EveryNumberIsChecked()
    {
        foreach (System.Reflection.PropertyInfo property in typeof(AugmentationOptions).GetProperties().Where(p => p.CanWrite))
        {
            var options = new AugmentationOptions();
            property.SetValue(options, property.PropertyType == typeof(int) ? (object)-1000 : -1000.0);
            Assert.Throws<UsageException>(() => options.Validate());
        }
    }
}

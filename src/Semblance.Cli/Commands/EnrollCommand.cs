using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Data;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Models;
using Semblance.Recognition.Photos;
using Semblance.Recognition.Services;

namespace Semblance.Cli.Commands;

/// <summary><c>enroll</c>: puts people into a gallery.</summary>
internal sealed class EnrollCommand : ToolCommand
{
    private readonly GallerySource _gallery = new("The gallery; made where it is missing");
    private readonly Option<string> _model = SharedOptions.OnnxModel();
    private readonly Option<string> _data = SharedOptions.Data();
    private readonly Option<string[]> _metadata = MetadataOption.Create("--meta", "A key and a value to filter by, for everyone with a new image; those given replace a person's earlier ones.");
    private readonly Option<string?> _expires = ExpiryOption.Create();
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly QualityOptions _quality = new();
    private readonly PhotoOptions _photos = new();

    /// <summary>Creates the command.</summary>
    public EnrollCommand()
        : base(
            "enroll",
            "Put people into a gallery: each folder is a person, each image a template. Doing it again adds only what is new.",
            "enroll --gallery people.db --model model.onnx --data known-people",
            "enroll --gallery people.db --model faceplugin --data photos",
            "enroll --gallery people.db --model faceplugin --data visitors --expires 30d --meta site=london")
    {
        _gallery.AddTo(this);
        Add(_model);
        Add(_data);
        Add(_metadata);
        Add(_expires);
        Add(_threads);
        _photos.AddTo(this);
        _quality.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var details = new SubjectDetails { Metadata = MetadataOption.Read(values, _metadata), Expires = ExpiryOption.Read(values, _expires) };
        using OnnxFaceEmbedder model = ModelSource.OpenOnnx(values.GetRequiredValue(_model), values.GetValue(_threads));
        using FaceCropper? cropper = _photos.Open(
            values,
            model.Card.Preprocessing,
            values.GetRequiredValue(_model),
            _quality.Read(values),
            SeveralFaces.RefuseWhereUnclear);
        if (cropper is null && _quality.AreGiven(values))
        {
            throw new UsageException("limits of quality are about photographs and need --detector NAME|FILE.onnx; crops are enrolled as they are.");
        }

        using FaceDataset dataset = FaceDataset.Open(values.GetRequiredValue(_data), new FaceDatasetOptions { Cropper = cropper });
        using IGallery gallery = _gallery.Open(values, model.Card, context);
        EnrolmentReport report = new Enroller(model, gallery).Enrol(dataset, details.IsEmpty ? null : details, context.Progress, context.CancellationToken);
        if (report.NewTemplates + report.AlreadyEnrolled == 0 && report.Skipped.Count > 0)
        {
            throw new SemblanceException($"{dataset.Source}: none of its images could be enrolled; the first: {report.Skipped[0].Path}: {report.Skipped[0].Reason}");
        }

        return new CommandOutcome(report, output => Print(output, report));
    }

    private static void Print(ConsoleOutput output, EnrolmentReport report)
    {
        output.Facts(
            ("gallery", $"{report.Gallery} ({Figures.Count(report.Subjects)} people, {Figures.Count(report.Templates)} templates)"),
            ("added", $"{Figures.Count(report.NewTemplates)} templates, {Figures.Count(report.NewSubjects)} new people"),
            ("there already", report.AlreadyEnrolled > 0 ? Figures.Count(report.AlreadyEnrolled) : null),
            ("skipped", report.Skipped.Count > 0 ? Figures.Count(report.Skipped.Count) : null),
            ("time", Figures.Duration(TimeSpan.FromSeconds(report.Seconds))));
        ListedLines.Print(output, [.. report.Skipped.Select(skipped => $"{skipped.Path}: {skipped.Reason}")]);
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using Semblance.Cli.Commands;

namespace Semblance.Cli.Hosting;

/// <summary>All commands of the tool. A new command adds its file and one line here.</summary>
internal static class CommandTree
{
    /// <summary>One JSON document on standard output instead of tables.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document on standard output; progress and logs stay on standard error.",
        Recursive = true,
    };

    /// <summary>Shows where an unexpected failure came from.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Where something fails, also print the details that a bug report needs.",
        Recursive = true,
    };

    /// <summary>Builds the tree.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Semblance: from a folder of faces to a recogniser.")
        {
            new Command("data", "Make and examine datasets: a folder per person, or a zip of such folders.")
            {
                new DataSynthCommand(),
                new DataInspectCommand(),
                new DataPairsCommand(),
                new DataIdentitiesCommand(),
            },
            new DetectCommand(),
            new AlignCommand(),
            new TrainCommand(),
            new ReportCommand(),
            new CompareCommand(),
            new EvaluateCommand(),
            new ExportCommand(),
            new EnrollCommand(),
            new IdentifyCommand(),
            new VerifyCommand(),
            new ClusterCommand(),
            new SearchCommand(),
            new Command("gallery", "Look into a gallery, note what is known of people, take them out, encrypt it, copy it elsewhere.")
            {
                new GalleryListCommand(),
                new GalleryShowCommand(),
                new GallerySetCommand(),
                new GalleryThresholdCommand(),
                new GalleryRemoveCommand(),
                new GalleryPurgeCommand(),
                new GalleryCopyCommand(),
                new GalleryKeyCommand(),
                new GalleryRekeyCommand(),
                new GalleryExportCommand(),
                new GalleryImportCommand(),
            },
            new Command("models", "Model packs: detectors, landmarks and embedders that others made, and one's own, by name.")
            {
                new ModelsPullCommand(),
                new ModelsListCommand(),
                new ModelsAddCommand(),
                new ModelsVerifyCommand(),
                new ModelsRemoveCommand(),
            },
            new LossesCommand(),
            new MinersCommand(),
            new SamplersCommand(),
            new BackbonesCommand(),
            new Command("lab", "The laboratory: losses held against references, and drawn.")
            {
                new LabCheckCommand(),
                new LabCurvesCommand(),
                new LabSamplingCommand(),
                new LabTuplesCommand(),
                new LabPlaneCommand(),
                new LabMarginCommand(),
                new LabPageCommand(),
            },
            new DemoCommand(),
        };
        root.Add(Json);
        root.Add(Verbose);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples();
        }

        return root;
    }
}

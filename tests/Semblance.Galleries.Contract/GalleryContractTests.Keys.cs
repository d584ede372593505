using System.Security.Cryptography;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Contract;

/// <summary>Templates under keys.</summary>
public abstract partial class GalleryContractTests
{
    [Fact]
    public void An_encrypted_gallery_is_read_and_searched_with_its_key_only()
    {
        TemplateKeyRing key = NewKey();
        using IGallery gallery = Create(Card, new GalleryOptions { Keys = key });
        Assert.True(gallery.IsEncrypted);
        gallery.Enrol([Face("ann", 1), Face("bob", 2)]);
        using (IGallery again = Reopen(gallery, new GalleryOptions { Keys = key }))
        {
            Assert.Equal(Face("bob", 2).Embedding, again.ReadTemplates().Last().Embedding);
            Assert.Equal("bob", Nearest(again, Face("bob", 2)));
        }

        Assert.Contains($"is encrypted with key {key.FirstId}", Assert.Throws<SemblanceException>(() => Reopen(gallery)).Message);
        TemplateKeyRing wrong = NewKey();
        Assert.Contains(wrong.FirstId, Assert.Throws<SemblanceException>(() => Reopen(gallery, new GalleryOptions { Keys = wrong })).Message);
    }

    [Fact]
    public void A_clear_gallery_is_encrypted_changed_to_another_key_and_back_to_clear()
    {
        using IGallery gallery = Create(Card);
        Assert.False(gallery.IsEncrypted);
        gallery.Enrol([.. Enumerable.Range(0, 300).Select(i => Face($"s{i % 7}", i))]);
        string before = Contents(gallery);
        TemplateKeyRing first = NewKey();
        Assert.Equal(300, gallery.ChangeKeys(first));
        Assert.True(gallery.IsEncrypted);
        Assert.Equal(before, Contents(gallery));
        gallery.Enrol([Face("later", 1000)]);
        TemplateKeyRing second = NewKey();
        Assert.Equal(301, gallery.ChangeKeys(second.With(first)));
        Assert.Throws<SemblanceException>(() => Reopen(gallery, new GalleryOptions { Keys = first }));
        using (IGallery again = Reopen(gallery, new GalleryOptions { Keys = second }))
        {
            Assert.Equal(0, again.ChangeKeys(second));
            Assert.Equal("later", Nearest(again, Face("later", 1000)));
            again.Remove("later");
            Assert.Equal(300, again.ChangeKeys(null));
            Assert.False(again.IsEncrypted);
        }

        using IGallery clear = Reopen(gallery);
        Assert.Equal(before, Contents(clear));
    }

    [Fact]
    public async Task Keys_change_while_others_enrol_and_search()
    {
        TemplateKeyRing old = NewKey();
        TemplateKeyRing young = NewKey();
        using IGallery gallery = Create(Card, new GalleryOptions { Keys = old });
        gallery.Enrol([.. Enumerable.Range(0, 600).Select(i => Face($"s{i % 20:00}", i))]);
        using IGallery other = Reopen(gallery, new GalleryOptions { Keys = young.With(old) });
        Task writing = Task.Run(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                other.Enrol([Face($"new{i:00}", 10_000 + i)]);
                Assert.Equal($"new{i:00}", Nearest(other, Face("", 10_000 + i)));
            }
        });
        gallery.ChangeKeys(young.With(old));
        await writing;
        using IGallery after = Reopen(gallery, new GalleryOptions { Keys = young });
        Assert.Equal(620, after.ReadTemplates().Count());
        Assert.Equal(40, after.Describe().Subjects);
    }

    [Fact]
    public void A_change_of_keys_that_was_broken_off_is_finished_by_another()
    {
        TemplateKeyRing old = NewKey();
        TemplateKeyRing both = NewKey().With(old);
        using IGallery gallery = Create(Card, new GalleryOptions { Keys = old });
        gallery.Enrol([.. Enumerable.Range(0, 700).Select(i => Face($"s{i % 20:00}", i))]);
        using var source = new CancellationTokenSource();
        var stopping = new StoppingProgress(source);
        Assert.ThrowsAny<OperationCanceledException>(() => gallery.ChangeKeys(both, stopping, source.Token));
        using IGallery again = Reopen(gallery, new GalleryOptions { Keys = both });
        Assert.Equal(700, again.ReadTemplates().Count());
        Assert.InRange(again.ChangeKeys(both), 1, 699);
        Assert.Equal(0, again.ChangeKeys(both));
    }

    [Fact]
    public void Of_two_changes_of_keys_at_once_one_gives_way_and_all_is_under_the_other()
    {
        TemplateKeyRing old = NewKey();
        TemplateKeyRing first = NewKey().With(old);
        TemplateKeyRing second = NewKey();
        using IGallery gallery = Create(Card, new GalleryOptions { Keys = old });
        gallery.Enrol([.. Enumerable.Range(0, 700).Select(i => Face($"s{i % 20:00}", i))]);
        string before = Contents(gallery);
        using IGallery other = Reopen(gallery, new GalleryOptions { Keys = second.With(first) });
        var meanwhile = new DoingProgress(() => other.ChangeKeys(second.With(first)));
        Assert.Contains("somebody else changes its keys", Assert.Throws<SemblanceException>(() => gallery.ChangeKeys(first, meanwhile)).Message);
        using IGallery after = Reopen(gallery, new GalleryOptions { Keys = second });
        Assert.Equal(before, Contents(after));
    }

    private static TemplateKeyRing NewKey() => TemplateKeyRing.Of(RandomNumberGenerator.GetBytes(TemplateKeyRing.KeyBytes));

    private static string Contents(IGallery gallery) => string.Join('\n', gallery.ReadTemplates().Select(Content));

    private static string Content(GalleryTemplate t) =>
        $"{t.Subject}|{t.Source}|{Convert.ToHexString(t.Digest)}|{t.Created:O}|{string.Join(' ', t.Embedding.Select(BitConverter.SingleToInt32Bits))}";

    /// <summary>Cancels at the first report.</summary>
    private sealed class StoppingProgress(CancellationTokenSource source) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => source.Cancel();
    }

    /// <summary>Does something at the first report.</summary>
    private sealed class DoingProgress(Action action) : IProgress<WorkProgress>
    {
        private bool _done;

        public void Report(WorkProgress value)
        {
            if (!_done)
            {
                _done = true;
                action();
            }
        }
    }
}

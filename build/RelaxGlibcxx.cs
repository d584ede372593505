#nullable disable

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Semblance.Build
{
    /// <summary>
    /// Marks one symbol version that an ELF library needs as weak, so that the dynamic loader accepts a libstdc++ without it.
    /// TorchSharp's libLibTorchSharp.so asks for GLIBCXX_3.4.32 (GCC 13), which Debian 12 and Ubuntu 22.04 lack; the only symbol of
    /// that version is an initialiser that nothing calls. Both facts are checked before a byte is changed.
    /// </summary>
    public static class ElfVersionRelaxer
    {
        private const uint SectionVersionSymbols = 0x6fffffff; // SHT_GNU_versym
        private const uint SectionVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
        private const uint SectionDynamicSymbols = 11; // SHT_DYNSYM
        private const uint SectionRelocations = 4; // SHT_RELA
        private const ushort FlagWeak = 0x2; // VER_FLG_WEAK

        /// <summary>What <see cref="Relax"/> found.</summary>
        public enum Outcome
        {
            /// <summary>The library does not ask for the version.</summary>
            NotNeeded,

            /// <summary>The flag was set already.</summary>
            AlreadyWeak,

            /// <summary>The flag was set in the returned bytes.</summary>
            Relaxed,
        }

        /// <summary>Sets the weak flag on <paramref name="version"/> in <paramref name="elf"/>, in place.</summary>
        /// <param name="elf">The bytes of a 64-bit little-endian ELF shared object.</param>
        /// <param name="version">The version to relax, for example GLIBCXX_3.4.32.</param>
        /// <param name="allowedSymbol">The only symbol that may carry that version.</param>
        /// <exception cref="InvalidDataException">The layout is not the one this step understands.</exception>
        public static Outcome Relax(byte[] elf, string version, string allowedSymbol)
        {
            if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F' || elf[4] != 2 || elf[5] != 1)
            {
                throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
            }

            List<Section> sections = ReadSections(elf);
            Section needs = Find(sections, SectionVersionNeeds);
            if (needs == null)
            {
                return Outcome.NotNeeded;
            }

            int flagsAt = FindVersion(elf, sections, needs, version, out int versionIndex);
            if (flagsAt < 0)
            {
                return Outcome.NotNeeded;
            }

            ushort flags = BitConverter.ToUInt16(elf, flagsAt);
            if ((flags & FlagWeak) != 0)
            {
                return Outcome.AlreadyWeak;
            }

            RequireUnusedBut(elf, sections, versionIndex, version, allowedSymbol);
            elf[flagsAt] = (byte)(flags | FlagWeak);
            return Outcome.Relaxed;
        }

        private static List<Section> ReadSections(byte[] elf)
        {
            long table = BitConverter.ToInt64(elf, 0x28);
            int size = BitConverter.ToUInt16(elf, 0x3a);
            int count = BitConverter.ToUInt16(elf, 0x3c);
            if (size != 64 || table <= 0 || table + ((long)size * count) > elf.Length)
            {
                throw new InvalidDataException("its section table lies outside the file");
            }

            var sections = new List<Section>(count);
            for (int i = 0; i < count; i++)
            {
                int at = (int)table + (i * size);
                var section = new Section
                {
                    Type = BitConverter.ToUInt32(elf, at + 4),
                    Offset = BitConverter.ToInt64(elf, at + 24),
                    Size = BitConverter.ToInt64(elf, at + 32),
                    Link = BitConverter.ToInt32(elf, at + 40),
                };
                if (section.Type != 8 && (section.Offset < 0 || section.Size < 0 || section.Offset + section.Size > elf.Length))
                {
                    throw new InvalidDataException("section " + i + " lies outside the file");
                }

                sections.Add(section);
            }

            return sections;
        }

        private static int FindVersion(byte[] elf, List<Section> sections, Section needs, string version, out int versionIndex)
        {
            Section names = sections[needs.Link];
            long need = needs.Offset;
            while (true)
            {
                long aux = need + BitConverter.ToUInt32(elf, (int)need + 8);
                int count = BitConverter.ToUInt16(elf, (int)need + 2);
                for (int i = 0; i < count; i++)
                {
                    if (Text(elf, names, BitConverter.ToUInt32(elf, (int)aux + 8)) == version)
                    {
                        versionIndex = BitConverter.ToUInt16(elf, (int)aux + 6) & 0x7fff;
                        return (int)aux + 4;
                    }

                    aux += BitConverter.ToUInt32(elf, (int)aux + 12);
                }

                uint next = BitConverter.ToUInt32(elf, (int)need + 12);
                if (next == 0)
                {
                    versionIndex = 0;
                    return -1;
                }

                need += next;
            }
        }

        private static void RequireUnusedBut(byte[] elf, List<Section> sections, int versionIndex, string version, string allowedSymbol)
        {
            Section versions = Find(sections, SectionVersionSymbols);
            Section symbols = Find(sections, SectionDynamicSymbols);
            if (versions == null || symbols == null)
            {
                throw new InvalidDataException("it has no dynamic symbol table");
            }

            var carriers = new HashSet<uint>();
            Section names = sections[symbols.Link];
            for (uint i = 0; i < versions.Size / 2; i++)
            {
                if ((BitConverter.ToUInt16(elf, (int)(versions.Offset + (2 * i))) & 0x7fff) != versionIndex)
                {
                    continue;
                }

                string name = Text(elf, names, BitConverter.ToUInt32(elf, (int)(symbols.Offset + (24 * i))));
                if (name != allowedSymbol)
                {
                    throw new InvalidDataException("symbol " + name + " needs " + version + " for real");
                }

                carriers.Add(i);
            }

            foreach (Section relocations in sections)
            {
                for (long at = relocations.Offset; relocations.Type == SectionRelocations && at < relocations.Offset + relocations.Size; at += 24)
                {
                    if (carriers.Contains(BitConverter.ToUInt32(elf, (int)at + 12)))
                    {
                        throw new InvalidDataException("a relocation refers to " + allowedSymbol + ", so " + version + " is needed for real");
                    }
                }
            }
        }

        private static Section Find(List<Section> sections, uint type)
        {
            return sections.Find(section => section.Type == type);
        }

        private static string Text(byte[] elf, Section names, uint offset)
        {
            long start = names.Offset + offset;
            long end = start;
            while (end < names.Offset + names.Size && elf[end] != 0)
            {
                end++;
            }

            return Encoding.ASCII.GetString(elf, (int)start, (int)(end - start));
        }

        private sealed class Section
        {
            public uint Type { get; set; }

            public long Offset { get; set; }

            public long Size { get; set; }

            public int Link { get; set; }
        }
    }

#if !SEMBLANCE_TESTS
    /// <summary>The build step around <see cref="ElfVersionRelaxer"/>.</summary>
    public class RelaxGlibcxx : Microsoft.Build.Utilities.Task
    {
        private const string Version = "GLIBCXX_3.4.32";
        private const string Symbol = "_ZSt21ios_base_library_initv";

        /// <summary>The library in the build output.</summary>
        [Microsoft.Build.Framework.Required]
        public string Library { get; set; }

        /// <summary>Candidate paths of the system's libstdc++, separated by semicolons.</summary>
        public string SystemLibraries { get; set; }

        /// <inheritdoc/>
        public override bool Execute()
        {
            foreach (string candidate in (SystemLibraries ?? string.Empty).Split(new[] { ';' }, StringSplitOptions.RemoveEmptyEntries))
            {
                if (File.Exists(candidate) && Encoding.GetEncoding("iso-8859-1").GetString(File.ReadAllBytes(candidate)).Contains(Version + "\0"))
                {
                    Log.LogMessage(Microsoft.Build.Framework.MessageImportance.Low, candidate + " has " + Version + "; " + Library + " stays as it is.");
                    return true;
                }
            }

            try
            {
                byte[] elf = File.ReadAllBytes(Library);
                if (ElfVersionRelaxer.Relax(elf, Version, Symbol) == ElfVersionRelaxer.Outcome.Relaxed)
                {
                    // Another project may be loading the old file: replace the name, not the content.
                    string temporary = Library + "." + Guid.NewGuid().ToString("N") + ".tmp";
                    File.WriteAllBytes(temporary, elf);
                    File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(Library));
                    File.Delete(Library);
                    File.Move(temporary, Library);
                    Log.LogMessage(Microsoft.Build.Framework.MessageImportance.Normal, Library + ": " + Version + " made weak.");
                }

                return true;
            }
            catch (Exception e) when (e is InvalidDataException || e is ArgumentException || e is IndexOutOfRangeException)
            {
                Log.LogError("{0}: cannot make its need of {1} weak: {2}. This system's libstdc++ is older than that version: install libstdc++ of GCC 13 or newer, or adapt build/RelaxGlibcxx.cs to the new layout.", Library, Version, e.Message);
                return false;
            }
        }
    }
#endif
}

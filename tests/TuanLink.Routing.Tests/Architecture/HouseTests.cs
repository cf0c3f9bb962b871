namespace TuanLink.Routing.Tests.Architecture;

/// <summary>The house is built as docs/architecture.md says, and each rule notices when it is not.</summary>
public sealed class HouseTests
{
    private static readonly string Root = FindRoot();
    private static readonly IReadOnlyList<string[]> Floors = House.Floors(File.ReadAllText(Path.Combine(Root, "docs", "architecture.md")));
    private static readonly Source[] Sources = [.. Read("src")];

    [Fact]
    public void The_table_of_rooms_is_read_and_every_source_is_seen()
    {
        Assert.True(Floors.Count >= 8 && Floors[0].Contains("Database") && Floors[^1].Contains("InquiryDesk"), string.Join(" / ", Floors.Select(f => string.Join(',', f))));
        Assert.True(Sources.Length > 150, $"only {Sources.Length} files were found");
        Assert.Contains(Sources, s => s.Path == "TuanLink.Bot/Service.cs");
    }

    [Fact] public void No_room_uses_one_above_it() => Assert.Empty(House.LooksUp(Sources, Floors));
    [Fact] public void Bot_and_Admin_never_meet_but_where_they_are_put_together() => Assert.Empty(House.Meet(Sources));
    [Fact] public void Nobody_looks_at_the_wall_clock_or_waits_by_it() => Assert.Empty(House.WallClocks(Sources));
    [Fact] public void No_folder_is_a_drawer_for_everything() => Assert.Empty(House.JunkFolders(Sources));
    [Fact] public void No_file_is_longer_than_one_reads() => Assert.Empty(House.TooLong(Sources));

    [Theory]
    [InlineData("TuanLink.Routing/Units/X.cs", "using TuanLink.Routing.Chases;")]
    [InlineData("TuanLink.Routing/Inquiries/X.cs", "Routing.Assignments.Role role;")]
    [InlineData("TuanLink.Routing/Responses/X.cs", "class X(InquiryDesk desk);")]
    [InlineData("TuanLink.Routing/Database/GroupCommit.cs", "using TuanLink.Routing.Responses;")]
    [InlineData("TuanLink.Routing/Attic/X.cs", "")]
    public void A_room_that_looks_up_is_noticed(string path, string text) => Assert.Single(House.LooksUp([new(path, text)], Floors));

    [Theory]
    [InlineData("TuanLink.Admin/Jobs/X.cs", "using TuanLink.Bot.Jobs;")]
    [InlineData("TuanLink.Bot/Channels/X.cs", "using TuanLink.Admin.SignIn;")]
    [InlineData("TuanLink.Routing/Units/X.cs", "using Microsoft.AspNetCore.Http;")]
    public void A_meeting_is_noticed(string path, string text) => Assert.Single(House.Meet([new(path, text)]));

    [Theory]
    [InlineData("var now = DateTimeOffset.UtcNow;")]
    [InlineData("var day = DateTime.Today;")]
    [InlineData("await Task.Delay(100);")]
    public void A_look_at_the_wall_clock_is_noticed(string text) => Assert.Single(House.WallClocks([new("TuanLink.Routing/Units/X.cs", text)]));

    [Fact]
    public void A_drawer_and_a_long_file_are_noticed_and_what_stands_in_a_comment_is_not()
    {
        Assert.Single(House.JunkFolders([new("TuanLink.Bot/Helpers/X.cs", "")]));
        Assert.Single(House.TooLong([new("TuanLink.Bot/X.cs", new string('\n', 401))]));
        Assert.Empty(House.WallClocks([new("TuanLink.Bot/X.cs", "// not DateTime.Now\nstring s = \"DateTime.Now\";")]));
        Assert.Empty(House.LooksUp([new("TuanLink.Routing/Chases/X.cs", "using TuanLink.Routing.Units;")], Floors));
    }

    private static IEnumerable<Source> Read(string folder)
    {
        string from = Path.Combine(Root, folder);
        return Directory.EnumerateFiles(from, "*.cs*", SearchOption.AllDirectories)
            .Select(f => (File: f, Path: Path.GetRelativePath(from, f).Replace('\\', '/')))
            .Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal) || f.Path.EndsWith(".cshtml", StringComparison.Ordinal))
            .Where(f => !f.Path.Contains("/obj/", StringComparison.Ordinal) && !f.Path.Contains("/bin/", StringComparison.Ordinal) && !f.Path.Contains("/node_modules/", StringComparison.Ordinal))
            .Select(f => new Source(f.Path, File.ReadAllText(f.File)));
    }

    private static string FindRoot()
    {
        for (string? place = AppContext.BaseDirectory; place is not null; place = Path.GetDirectoryName(place))
            if (File.Exists(Path.Combine(place, "TuanLink.sln")))
                return place;
        throw new InvalidOperationException("The tests do not run within the repository.");
    }
}

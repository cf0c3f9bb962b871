using System.Diagnostics;

namespace TuanLink.Journeys;

public sealed class SettingJourneys
{
    [Theory]
    [InlineData("--Clocks:RoutineHours=-3", "Clocks:RoutineHours is '-3'")]
    [InlineData("--Service:BotPort=99999", "Service:BotPort is '99999'")]
    [InlineData("--Service:BotPort=abc", "'abc' at 'Service:BotPort'")]
    [InlineData("--Service:Role=Cook", "Service:Role is 'Cook'")]
    [InlineData("--Triage:TopicNeedsHumanBelow=1.5", "Triage:TopicNeedsHumanBelow is '1.5'")]
    [InlineData("--Database:Engine=Postgres", "Database:ConnectionString is empty")]
    [InlineData("--Database:Seeds=/nowhere", "Database:Seeds is '/nowhere'")]
    [InlineData("--Triage:ModelFolder=/etc/hostname/models", "Triage:ModelFolder is '/etc/hostname/models'")]
    [InlineData("--Channels:BotFramework:AllowedServiceUrls:0=ftp://x", "'ftp://x'")]
    public async Task A_wrong_setting_stops_the_service_with_one_sentence_that_names_key_and_value(string setting, string sentence)
    {
        string folder = Directory.CreateTempSubdirectory("tuanlink-settings-").FullName;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "TuanLink.Bot.dll"), setting, $"--Database:Folder={folder}"])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process service = Process.Start(start)!;
        string output = await service.StandardOutput.ReadToEndAsync() + await service.StandardError.ReadToEndAsync();
        await service.WaitForExitAsync();
        Assert.Equal(1, service.ExitCode);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }
}

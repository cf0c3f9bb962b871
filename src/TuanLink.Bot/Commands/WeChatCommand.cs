using System.Text.Json;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.WeChat;
using TuanLink.Routing.Database;

namespace TuanLink.Bot.Commands;

/// <summary>wechat menu: puts the menu of seeds/wechat-menu.json into the Official Account.</summary>
public static class WeChatCommand
{
    public static async Task<int> PutMenu(string[] settings)
    {
        await using WebApplication service = Service.Build(settings);
        return await PutMenu(service.Services, CancellationToken.None);
    }

    /// <returns>The exit code: 0 if the menu is there now.</returns>
    public static async Task<int> PutMenu(IServiceProvider services, CancellationToken cancel)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        WeChatApi api = services.GetRequiredService<WeChatApi>();
        if (!api.Enabled)
            return Wrong("WeChat:Enabled is false; there is no account to put a menu into.");
        string file = Path.Combine(services.GetRequiredService<IOptions<DatabaseOptions>>().Value.SeedsFolder, "wechat-menu.json");
        try
        {
            using JsonDocument menu = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancel));
            await api.PutMenu(menu.RootElement, cancel);
        }
        catch (Exception e) when (e is JsonException or IOException or WeChatError or HttpRequestException)
        {
            return Wrong(e is JsonException ? $"{file} is not valid JSON: {e.Message}" : e.Message);
        }
        Console.WriteLine("The menu is put; followers see it within a day, or at once after following anew.");
        return 0;
    }

    private static int Wrong(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}

using System.Net;
using Microsoft.Extensions.Options;

namespace TuanLink.Bot;

/// <summary>What this process does; several processes share the work on PostgreSQL.</summary>
[Flags]
public enum Roles { None = 0, Bot = 1, Admin = 2, Jobs = 4, All = Bot | Admin | Jobs }

/// <summary>Where the service listens and what it does (section "Service").</summary>
public sealed class ServiceOptions
{
    public const string Section = "Service";

    /// <summary>The port youths and channels reach.</summary>
    public int BotPort { get; set; } = 3978;

    /// <summary>The address the bot listens on.</summary>
    public string BotAddress { get; set; } = "0.0.0.0";

    /// <summary>The port of the Admin pages.</summary>
    public int AdminPort { get; set; } = 5080;

    /// <summary>The address of the Admin pages: this machine only, unless set.</summary>
    public string AdminAddress { get; set; } = "127.0.0.1";

    /// <summary>Where youths find the chat page from outside, e.g. https://youth.example.cn/; posters lead there.</summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>All, or some of Bot, Admin, Jobs, separated by commas.</summary>
    public string Role { get; set; } = "All";

    public Roles Roles => Enum.Parse<Roles>(Role, ignoreCase: true);
}

internal sealed class ServiceOptionsRule : IValidateOptions<ServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceOptions options)
    {
        if (options.BotPort is < 0 or > 65535)
            return Wrong(nameof(options.BotPort), options.BotPort, "it must be a port from 1 to 65535, or 0 for any free one");
        if (options.AdminPort is < 0 or > 65535)
            return Wrong(nameof(options.AdminPort), options.AdminPort, "it must be a port from 1 to 65535, or 0 for any free one");
        if (options.AdminPort == options.BotPort && options.BotPort != 0)
            return Wrong(nameof(options.AdminPort), options.AdminPort, "the bot listens on that port; Admin pages must not be reachable there");
        if (!IPAddress.TryParse(options.BotAddress, out _))
            return Wrong(nameof(options.BotAddress), options.BotAddress, "it must be an IP address");
        if (!IPAddress.TryParse(options.AdminAddress, out _))
            return Wrong(nameof(options.AdminAddress), options.AdminAddress, "it must be an IP address");
        if (!Enum.TryParse(options.Role, ignoreCase: true, out Roles roles) || roles == Roles.None || (roles & ~Roles.All) != 0)
            return Wrong(nameof(options.Role), options.Role, "it must be All, or some of Bot, Admin, Jobs separated by commas");
        if (options.PublicAddress.Length > 0 && (!Uri.TryCreate(options.PublicAddress, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https")))
            return Wrong(nameof(options.PublicAddress), options.PublicAddress, "it must be an absolute http or https address, or empty");
        return ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Wrong(string key, object value, string rule) =>
        ValidateOptionsResult.Fail($"Service:{key} is '{value}'; {rule}.");
}

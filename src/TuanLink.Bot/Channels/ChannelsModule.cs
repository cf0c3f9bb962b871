using System.Net;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Cards;
using TuanLink.Bot.Channels.BotFramework;
using TuanLink.Bot.Channels.DirectLine;
using TuanLink.Bot.Channels.Fetching;
using TuanLink.Bot.Channels.Limits;
using TuanLink.Bot.Channels.Outside;
using TuanLink.Bot.Channels.WeChat;
using TuanLink.Bot.Conversations;

namespace TuanLink.Bot.Channels;

public static class ChannelsModule
{
    /// <summary>Registers the channels and the loop that delivers to them.</summary>
    public static IServiceCollection AddChannels(this IServiceCollection services)
    {
        services.AddOptions<BotFrameworkOptions>().BindConfiguration(BotFrameworkOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BotFrameworkOptions>, BotFrameworkOptionsRule>();
        services.TryAddSingleton<ResolveName>(Dns.GetHostAddressesAsync);
        services.AddSingleton<OutsideCalls>();
        services.AddSingleton<Circuits>();
        services.AddSingleton<ChannelTrust>();
        services.AddSingleton<ConnectorCalls>();
        services.AddSingleton<BotFrameworkSender>();
        services.AddOptions<DirectLineOptions>().BindConfiguration(DirectLineOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DirectLineOptions>, DirectLineOptionsRule>();
        services.AddSingleton<DirectLineSites>();
        services.AddSingleton<IConfigureOptions<CorsOptions>>(provider => provider.GetRequiredService<DirectLineSites>());
        services.AddSingleton<DirectLineTokens>();
        services.AddSingleton<DirectLineFiles>();
        services.AddSingleton<DirectLineUpload>();
        services.AddSingleton<AttachedFiles>();
        services.AddSingleton<FileLinks>();
        services.AddSingleton<WeChatFiles>();
        services.AddSingleton<DirectLineStreams>();
        services.AddHostedService(provider => provider.GetRequiredService<DirectLineStreams>());
        services.AddOptions<WeChatOptions>().BindConfiguration(WeChatOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeChatOptions>, WeChatOptionsRule>();
        services.AddSingleton<WeChatApi>();
        services.AddSingleton<WeChatSender>();
        services.AddSingleton<WeChatChannel>();
        services.AddSingleton<ArrivalByCode>();
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsRule>();
        services.AddSingleton<TurnLimits>();
        services.AddSingleton<IHearsTurns>(provider => provider.GetRequiredService<TurnLimits>());
        services.AddSingleton<CalmRefusal>();
        services.AddOptions<FetchOptions>().BindConfiguration(FetchOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FetchOptions>, FetchOptionsRule>();
        services.AddSingleton<AttachmentSources>();
        services.AddHostedService<FetchAttachments>();
        services.AddSingleton<Senders>();
        services.AddSingleton<TypingNotice>();
        services.AddSingleton<SentJournal>();
        services.AddSingleton<DeliveryNotes>();
        services.AddSingleton<DeliveryLease>();
        services.AddHostedService<DeliveryLoop>();
        services.AddSingleton<StatusCard>();
        services.AddSingleton<OutcomeCard>();
        services.AddSingleton<CommandReplies>();
        services.AddSingleton<CardClicks>();
        services.AddSingleton<Talk>();
        services.AddSingleton<Turns>();
        return services;
    }

    /// <summary>The routes youths and channels reach, and the chat page.</summary>
    public static void MapChannels(this IEndpointRouteBuilder routes)
    {
        routes.MapBotFramework();
        routes.MapDirectLine();
        WeChatChannel.Map(routes);
        FileLinks.Map(routes);
    }
}

using System.Net;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.BotFramework;
using TuanLink.Bot.Channels.Outside;
using TuanLink.Bot.Channels.WeChat;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels.Fetching;

/// <summary>What one try to fetch a file came to.</summary>
/// <param name="MayTryAgain">The failure may pass by itself.</param>
/// <param name="RetryAfter">How long the other side asked us to wait.</param>
public sealed record Fetched(KeptBytes? Kept, AttachmentFailure? Failure, bool MayTryAgain = false, TimeSpan? RetryAfter = null)
{
    public static Fetched Never(AttachmentFailure why) => new(null, why);
    public static Fetched NotNow(TimeSpan? after = null) => new(null, AttachmentFailure.NoAnswer, MayTryAgain: true, after);
}

/// <summary>
/// Fetches a file from where its channel says it lies: a link, from the public network only unless an administrator listed the address, with
/// our token only where the channel's own serviceUrl is; or WeChat's media.
/// </summary>
public sealed class AttachmentSources(IOptions<BotFrameworkOptions> options, ConnectorCalls calls, WeChatApi weChat, AttachmentBytes bytes, ILogger<AttachmentSources> log)
{
    private const int BusyNow = -1, NoSuchMedia = 40007, TooManyCalls = 45009, TooManyCallsAMinute = 45011;

    public async Task<Fetched> Fetch(Attachment file, Conversation from, CancellationToken cancel)
    {
        try
        {
            if (!await bytes.HasRoom(from.Channel, from.ChannelConversationId, cancel))
                return Fetched.Never(AttachmentFailure.TooOften);
            return file.Origin == AttachmentOrigin.WeChat ? await FromWeChat(file.Address, cancel) : await FromLink(file.Address, from, cancel);
        }
        catch (HttpRequestException e) when (e.InnerException is AddressRefused)
        {
            return Fetched.Never(AttachmentFailure.AddressRefused);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Not there, broken off, too slow.
            return Fetched.NotNow();
        }
        catch (Exception e)
        {
            log.LogError(e, "Attachment {Attachment} could not be stored; it is tried again.", file.Id);
            return new(null, AttachmentFailure.NotStored, MayTryAgain: true);
        }
    }

    private async Task<Fetched> FromLink(string address, Conversation from, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? link) || link.Scheme is not ("http" or "https") || link.UserInfo.Length > 0
            || (!options.Value.IsListed(link) && !PublicAddresses.MayBe(link, alsoPlain: true)))
            return Fetched.Never(AttachmentFailure.AddressRefused);
        using HttpResponseMessage answer = await calls.Get(link, IsChannelsOwn(link, from), cancel);
        return await Keep(answer, cancel);
    }

    private async Task<Fetched> FromWeChat(string media, CancellationToken cancel)
    {
        try
        {
            using HttpResponseMessage answer = await weChat.GetMedia(media, cancel);
            return await Keep(answer, cancel);
        }
        catch (WeChatError error)
        {
            return error.Code is BusyNow or TooManyCalls or TooManyCallsAMinute ? Fetched.NotNow() : Fetched.Never(error.Code == NoSuchMedia ? AttachmentFailure.Gone : AttachmentFailure.Refused);
        }
    }

    private async Task<Fetched> Keep(HttpResponseMessage answer, CancellationToken cancel)
    {
        int status = (int)answer.StatusCode;
        if (answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || status >= 500)
            return Fetched.NotNow(answer.Headers.RetryAfter?.Delta);
        // A redirect is not followed: it could lead anywhere.
        if (status is < 200 or >= 300)
            return Fetched.Never(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone ? AttachmentFailure.Gone : AttachmentFailure.Refused);
        if (answer.Content.Headers.ContentLength > SentFile.Largest)
            return Fetched.Never(AttachmentFailure.TooLarge);
        var (kept, failure) = await bytes.Keep(await answer.Content.ReadAsStreamAsync(cancel), cancel);
        return new(kept, failure);
    }

    // Our token is shown to the service that the channel's own, signed words named, and to nobody else a link may lead to.
    private bool IsChannelsOwn(Uri link, Conversation from) => options.Value.HasApp && options.Value.MayCall(from.ServiceUrl)
        && Uri.TryCreate(from.ServiceUrl, UriKind.Absolute, out Uri? service) && service.Scheme == link.Scheme && service.Host == link.Host && service.Port == link.Port
        && (link.Scheme == Uri.UriSchemeHttps || options.Value.IsListed(service));
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.Outside;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>Calls connectors: guarded against addresses that lead inside, carrying our token where there is an app, leaving alone who fails again and again.</summary>
public sealed class ConnectorCalls : IDisposable
{
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(5);

    private readonly BotFrameworkOptions _options;
    private readonly OutsideCalls _calls;
    private readonly Circuits _circuits;
    private readonly TimeProvider _time;
    private readonly KeptToken _token;

    public ConnectorCalls(IOptions<BotFrameworkOptions> options, OutsideCalls calls, Circuits circuits, TimeProvider time)
    {
        (_options, _calls, _circuits, _time) = (options.Value, calls, circuits, time);
        _token = new((_, cancel) => SignIn(cancel), time);
    }

    /// <summary>When our token ends; none while there is none.</summary>
    public DateTimeOffset? TokenUntil => _token.Until;

    /// <summary>Signs in if there is an app, so that a test of the channel shows whether its id and secret work.</summary>
    /// <exception cref="HttpRequestException">They do not, or the sign-in cannot be reached.</exception>
    public async Task TrySignIn(CancellationToken cancel)
    {
        if (_options.HasApp)
            await _token.Get(cancel);
    }

    /// <summary>Posts to a connector; a 401 is tried once more with a new token.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, leads inside (<see cref="AddressRefused"/>), or is being left alone (<see cref="CircuitIsOpen"/>).</exception>
    public async Task<HttpResponseMessage> Post(Uri to, HttpContent content, CancellationToken cancel)
    {
        _circuits.Enter(to.Authority);
        try
        {
            HttpResponseMessage answer = await Send(HttpMethod.Post, to, content, cancel);
            if ((int)answer.StatusCode >= 500)
                _circuits.Failed(to.Authority);
            else
                _circuits.Succeeded(to.Authority);
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            _circuits.Failed(to.Authority);
            throw;
        }
    }

    /// <summary>Begins to read what lies at an address; the body is still to come.</summary>
    /// <param name="withToken">Whether the address is the channel's own and is shown our token.</param>
    /// <exception cref="HttpRequestException">It cannot be reached, or leads inside (<see cref="AddressRefused"/>).</exception>
    public async Task<HttpResponseMessage> Get(Uri from, bool withToken, CancellationToken cancel)
    {
        string? token = withToken && _options.HasApp ? await _token.Get(cancel) : null;
        HttpResponseMessage answer = await Get(from, token, cancel);
        if (answer.StatusCode != HttpStatusCode.Unauthorized || token is null)
            return answer;
        answer.Dispose();
        return await Get(from, await _token.InPlaceOf(token, cancel), cancel);
    }

    private async Task<HttpResponseMessage> Get(Uri from, string? token, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, from);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await (_options.IsListed(from) ? _calls.Configured : _calls.Guarded).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    /// <summary>Sends what nobody is owed (somebody is writing; a question that was answered): tried once and briefly, and its failure says nothing of the channel.</summary>
    public async Task Offer(HttpMethod verb, Uri to, HttpContent content, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Courtesy);
        try
        {
            if (_circuits.IsClosed(to.Authority))
                (await Send(verb, to, content, patience.Token)).Dispose();
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Not every channel knows these calls; the words themselves do not depend on them.
        }
    }

    private async Task<HttpResponseMessage> Send(HttpMethod verb, Uri to, HttpContent content, CancellationToken cancel)
    {
        string? token = _options.HasApp ? await _token.Get(cancel) : null;
        HttpResponseMessage answer = await Send(verb, to, content, token, cancel);
        if (answer.StatusCode != HttpStatusCode.Unauthorized || token is null)
            return answer;
        answer.Dispose();
        return await Send(verb, to, content, await _token.InPlaceOf(token, cancel), cancel);
    }

    private async Task<HttpResponseMessage> Send(HttpMethod verb, Uri to, HttpContent content, string? token, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(verb, to) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return await (_options.IsListed(to) ? _calls.Configured : _calls.Guarded).SendAsync(request, cancel);
        }
        finally
        {
            // The content belongs to the caller and may be posted again.
            request.Content = null;
        }
    }

    private async Task<IssuedToken> SignIn(CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = _options.AppId,
            ["client_secret"] = _options.AppSecret,
            ["scope"] = $"{_options.ChannelIssuer}/.default",
        });
        using HttpResponseMessage answer = await _calls.Configured.PostAsync(
            new Uri($"{_options.LoginAddress.TrimEnd('/')}/{_options.Tenant}/oauth2/v2.0/token"), form, cancel);
        // Its body may quote what was sent: only the status is told.
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"The sign-in of the app was answered {(int)answer.StatusCode}.", null, answer.StatusCode);
        try
        {
            using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
            return new(json.RootElement.GetProperty("access_token").GetString()!, _time.GetUtcNow().AddSeconds(json.RootElement.GetProperty("expires_in").GetInt32()));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HttpRequestException("The sign-in of the app was not answered with a token.", e);
        }
    }

    public void Dispose() => _token.Dispose();
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TuanLink.Admin.SignIn;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys;

/// <summary>What people said, who they are and what opens doors stands in no log line and no figure's tag, even when an operator asks for every line.</summary>
public sealed class SecrecyJourneys
{
    private static readonly Dictionary<string, string?> EveryLine = new()
    {
        ["Logging:LogLevel:Default"] = "Debug", ["Logging:LogLevel:TuanLink"] = "Debug", ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Debug",
    };

    [Fact]
    public async Task Nothing_that_was_said_and_nothing_that_opens_a_door_is_logged()
    {
        var log = new Ears();
        await using TestService service = await TestService.Start(new() { Log = log, Settings = EveryLine });
        var secrets = new List<string>
        {
            "欠薪已有三月", "江小满", "13812345678", "不想活了", "约谈厂方", "内部判断", "理由只给你看", "搜索这几个字", "wrong-password-1", "wrong-password-2", DemoAccounts.Password, "转账给我",
        };

        await service.Post("c1", "1", "我叫江小满，电话13812345678，厂里欠薪已有三月，怎么申请仲裁");
        Inquiry inquiry = await service.InquiryOf("c1");
        string item = $"/inquiries/{inquiry.Reference}";
        using (AdminPages cadre = await service.SignIn(inquiry.HandlerId))
        {
            await cadre.Post(item, $"{item}?handler=Reply", ("Text", "明天 15:00 监察大队约谈厂方，您带上合同。"));
            await cadre.Post(item, $"{item}?handler=Note", ("Text", "内部判断：材料齐"));
            await cadre.Post(item, $"{item}?handler=Transfer", ("to", "999999"), ("reason", "理由只给你看"));
            await cadre.Get("/?words=" + Uri.EscapeDataString("搜索这几个字"));
            secrets.AddRange(cadre.Cookies.GetAllCookies().Select(c => c.Value));
            secrets.Add(await cadre.Token(item));
        }
        using (var guesser = new AdminPages(service.Admin))
            foreach (string password in new[] { "wrong-password-1", "wrong-password-2" })
                await guesser.Post("/sign-in", "/sign-in", ("Name", "江小满"), ("Password", password));

        // Things go wrong, too: bodies that are none, a channel that refuses, a second copy, a page that does not exist.
        await service.Post("c1", "1", "我叫江小满，电话13812345678，厂里欠薪已有三月，怎么申请仲裁");
        foreach (string body in new[] { "{\"type\":\"message\",\"text\":\"欠薪已有三月", "{\"type\":\"message\",\"text\":{\"欠薪已有三月\":1}}" })
            await service.Http.PostAsync(new Uri(service.Bot, "/api/messages"), new StringContent(body, Encoding.UTF8, "application/json"));
        service.Connector.Status = 400;
        await service.Post("c2", "1", "我不想活了，我叫江小满");
        service.Connector.Status = 200;
        await service.Wait(TimeSpan.FromHours(30));

        JsonElement ticket = await (await service.Http.PostAsync(new Uri(service.Bot, "/v3/directline/tokens/generate"), null)).Content.ReadFromJsonAsync<JsonElement>();
        string token = ticket.GetProperty("token").GetString()!;
        secrets.Add(token);
        using var post = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Bot, $"/v3/directline/conversations/{ticket.GetProperty("conversationId").GetString()}/activities")) { Content = JsonContent.Create(new { type = "message", text = "转账给我，我叫江小满" }) };
        post.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await service.Http.SendAsync(post);
        await service.Post("c1", "8", "删除我的数据");
        await service.Post("c1", "9", "确认删除");

        Assert.True(log.Lines.Count > 500, $"only {log.Lines.Count} lines were heard: the ears are shut");
        Assert.Contains(log.Lines, l => l.Contains("Request starting", StringComparison.Ordinal) || l.Contains("endpoint", StringComparison.OrdinalIgnoreCase));
        string[] leaks = [.. log.Lines.Where(l => secrets.Exists(s => l.Contains(s, StringComparison.Ordinal) || l.Contains(Uri.EscapeDataString(s), StringComparison.OrdinalIgnoreCase))).Take(5)];
        Assert.True(leaks.Length == 0, string.Join("\n", leaks.Select(l => l[..Math.Min(500, l.Length)])));
        string[] tags = [.. log.Tags.Keys.Where(t => secrets.Exists(s => t.Contains(s, StringComparison.Ordinal)) || t.Contains("youth-", StringComparison.Ordinal) || t.Contains("QS-", StringComparison.Ordinal))];
        Assert.True(tags.Length == 0, string.Join("\n", tags));
        Assert.Contains(log.Tags.Keys, t => t.StartsWith("http.", StringComparison.Ordinal));
    }

    /// <summary>Hears every line with its values, its scopes and its exception, and every tag of every meter of this process.</summary>
    private sealed class Ears : ILoggerProvider, ISupportExternalScope
    {
        private readonly MeterListener _meters = new();
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<string> Lines { get; } = [];
        public ConcurrentDictionary<string, bool> Tags { get; } = [];

        public Ears()
        {
            _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
            _meters.SetMeasurementEventCallback<long>((i, _, tags, _) => Hear(i, tags));
            _meters.SetMeasurementEventCallback<int>((i, _, tags, _) => Hear(i, tags));
            _meters.SetMeasurementEventCallback<double>((i, _, tags, _) => Hear(i, tags));
            _meters.Start();
        }

        private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (KeyValuePair<string, object?> tag in tags)
                Tags[$"{instrument.Name} {tag.Key}={tag.Value}"] = true;
        }

        public ILogger CreateLogger(string categoryName) => new Ear(this, categoryName);
        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;
        public void Dispose() => _meters.Dispose();

        private sealed class Ear(Ears ears, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => ears._scopes.Push(state);
            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var line = new StringBuilder($"{logLevel} {category} {formatter(state, exception)} {exception}");
                Values(state);
                ears._scopes.ForEachScope((scope, _) => Values(scope), 0);
                ears.Lines.Enqueue(line.ToString());

                void Values(object? of)
                {
                    if (of is IEnumerable<KeyValuePair<string, object?>> pairs)
                        foreach (KeyValuePair<string, object?> pair in pairs)
                            line.Append(' ').Append(pair.Key).Append('=').Append(pair.Value);
                    else
                        line.Append(' ').Append(of);
                }
            }
        }
    }
}

using System.Net;
using System.Text.RegularExpressions;
using TuanLink.Admin.SignIn;

namespace TuanLink.Journeys;

/// <summary>A page as it came back.</summary>
public sealed record Shown(HttpStatusCode Status, string Html, Uri At)
{
    /// <summary>What a person reads: no tags, entities resolved.</summary>
    public string Words => WebUtility.HtmlDecode(Regex.Replace(Html, "<[^>]+>", " "));
}

/// <summary>The Admin's pages over plain HTTP, as a browser without JavaScript has them: cookies, redirects, a form's hidden token.</summary>
public sealed partial class AdminPages : IDisposable
{
    private readonly HttpClient _http;

    public AdminPages(Uri admin)
    {
        _http = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = true }) { BaseAddress = admin };
    }

    public CookieContainer Cookies { get; } = new();

    public static async Task<AdminPages> SignIn(TestService service, string name, string password = DemoAccounts.Password)
    {
        var pages = new AdminPages(service.Admin);
        Shown home = await pages.Post("/sign-in", "/sign-in", ("Name", name), ("Password", password));
        Assert.Equal((HttpStatusCode.OK, false), (home.Status, home.At.AbsolutePath is "/sign-in" or "/not-allowed"));
        return pages;
    }

    public async Task<Shown> Get(string path) => await Read(await _http.GetAsync(new Uri(path, UriKind.Relative)));

    public Task<HttpResponseMessage> Raw(HttpRequestMessage request) => _http.SendAsync(request);

    public async Task<byte[]> File(string path) => await _http.GetByteArrayAsync(new Uri(path, UriKind.Relative));

    /// <summary>Fills in a form of a page and sends it.</summary>
    /// <param name="page">The page that holds the form: its token is taken from there.</param>
    /// <param name="action">Where the form goes.</param>
    public async Task<Shown> Post(string page, string action, params (string Name, string Value)[] fields) =>
        await Send(action, [.. fields, ("__RequestVerificationToken", await Token(page))]);

    /// <summary>Fills in a form that takes files, as a browser sends it.</summary>
    public async Task<Shown> Upload(string page, string action, (string Name, string Value)[] fields, params Attachments.FormFile[] files)
    {
        const string edge = "----WebKitFormBoundaryk3TQOZbN0xL1mVfE";
        using var body = new MemoryStream();
        foreach ((string name, string value) in (IEnumerable<(string, string)>)[.. fields, ("__RequestVerificationToken", await Token(page))])
            Part($"name=\"{name}\"", System.Text.Encoding.UTF8.GetBytes(value));
        foreach (Attachments.FormFile file in files)
            Part($"name=\"Files\"; filename=\"{file.Name}\"\r\nContent-Type: {file.Type}", file.Bytes);
        body.Write(System.Text.Encoding.UTF8.GetBytes($"--{edge}--\r\n"));
        using ByteArrayContent form = Attachments.DirectLineYouth.Raw(body.ToArray(), $"multipart/form-data; boundary={edge}");
        return await Read(await _http.PostAsync(new Uri(action, UriKind.Relative), form));

        void Part(string head, byte[] bytes)
        {
            body.Write(System.Text.Encoding.UTF8.GetBytes($"--{edge}\r\nContent-Disposition: form-data; {head}\r\n\r\n"));
            body.Write(bytes);
            body.Write("\r\n"u8);
        }
    }

    /// <summary>Sends fields just as they are.</summary>
    public async Task<Shown> Send(string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await Read(await _http.PostAsync(new Uri(action, UriKind.Relative), form));
    }

    public async Task<string> Token(string page)
    {
        Match token = HiddenToken().Match((await Get(page)).Html);
        Assert.True(token.Success, $"{page} holds no form");
        return token.Groups[1].Value;
    }

    private static async Task<Shown> Read(HttpResponseMessage answer)
    {
        using (answer)
            return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.RequestMessage!.RequestUri!);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex HiddenToken();
}

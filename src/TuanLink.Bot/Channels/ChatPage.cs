using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.DirectLine;

namespace TuanLink.Bot.Channels;

/// <summary>Serves the chat page at / from wwwroot/chat, with headers that let it load nothing but its own.</summary>
public static class ChatPage
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static void UseChatPage(this IApplicationBuilder app, IHostEnvironment environment)
    {
        string folder = Path.Combine(environment.ContentRootPath, "wwwroot", "chat");
        // Allowed origins may show the page in a frame of theirs.
        string policy = string.Join(' ', [Policy, .. app.ApplicationServices.GetRequiredService<IOptions<DirectLineOptions>>().Value.AllowedOrigins]);
        var files = new PhysicalFileProvider(folder);
        app.Use((HttpContext http, RequestDelegate next) =>
        {
            IHeaderDictionary headers = http.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            if (http.Request.Path == "/" && HttpMethods.IsGet(http.Request.Method))
                http.Request.Path = "/chat/index.html";
            return next(http);
        });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            RequestPath = "/chat",
            ContentTypeProvider = new FileExtensionContentTypeProvider(),
            OnPrepareResponse = sent => sent.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}

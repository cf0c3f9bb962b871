using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Admin;
using TuanLink.Admin.SignIn;
using TuanLink.Bot.Channels;
using TuanLink.Bot.Jobs;
using TuanLink.Bot.SecondOpinions;
using TuanLink.Bot.Sorting;
using TuanLink.Routing;
using TuanLink.Routing.Clocks;
using TuanLink.Routing.Database;
using TuanLink.Routing.Imports;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Bot;

/// <summary>The running service, put together: rooms, channels, pages, jobs; two ports in one process.</summary>
public static class Service
{
    public static async Task Serve(string[] args)
    {
        await using WebApplication app = Build(args);
        await Prepare(app, CancellationToken.None);
        await app.StartAsync();
        await Greet(app);
        // Learning from the seeds and compiling the first pages took up more than the service needs from now on.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        await app.WaitForShutdownAsync();
    }

    /// <summary>Builds the service; nothing is opened or written before <see cref="Prepare"/>.</summary>
    /// <param name="adjust">For tests: another system clock, other settings.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = ContentRoot() });
        adjust?.Invoke(builder);
        // Its lines carry whole addresses, and with them what a cadre searched for. After the settings, so that none of them brings it back.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        ServiceOptions listen = Validated(builder.Configuration, ServiceOptions.Section, new ServiceOptionsRule());
        DatabaseOptions database = Validated(builder.Configuration, DatabaseOptions.Section, DatabaseModule.Rule);

        builder.Services.AddOptions<ServiceOptions>().BindConfiguration(ServiceOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ServiceOptions>, ServiceOptionsRule>();
        builder.Services.AddSingleton<MovableClock>(provider => new(provider.GetKeyedService<TimeProvider>("system") ?? TimeProvider.System));
        builder.Services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<MovableClock>());
        builder.Services.AddInquiryRouting();
        builder.Services.AddHealthChecks();
        builder.Services.AddCors();
        builder.Services.AddResponseCompression(o => o.EnableForHttps = false);
        builder.Services.AddSignInKeys(database);
        if (listen.Roles.HasFlag(Roles.Bot))
            builder.Services.AddChannels();
        builder.Services.AddAdmin();
        builder.Services.AddSingleton<IJobsBoard, JobsBoard>();
        builder.Services.AddSingleton<IChannelsBoard, ChannelsBoard>();
        builder.Services.AddSingleton<TimedJobs>();
        builder.Services.AddHostedService<WatchVersion>();
        if (listen.Roles.HasFlag(Roles.Jobs))
            builder.Services.AddSecondOpinions(builder.Configuration, byHand: builder.Configuration.GetValue<bool>("Jobs:OnlyByHand"));
        if (listen.Roles.HasFlag(Roles.Jobs) && !builder.Configuration.GetValue<bool>("Jobs:OnlyByHand"))
            builder.Services.AddTimedJobs(database);

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (listen.Roles.HasFlag(Roles.Bot))
                kestrel.Listen(IPAddress.Parse(listen.BotAddress), listen.BotPort);
            if (listen.Roles.HasFlag(Roles.Admin))
                kestrel.Listen(IPAddress.Parse(listen.AdminAddress), listen.AdminPort);
        });

        return builder.Build();
    }

    /// <summary>Lays the routes of both ports, brings the database up to date and, in Development, fills an empty one with the demo city.</summary>
    public static async Task Prepare(WebApplication app, CancellationToken cancel)
    {
        DatabaseOptions database = app.Services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        // Before anything is opened or written, so that a wrong setting costs nothing but a sentence.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        // Three things that do not need each other, at once: a young person may be waiting for the service to come back. The first message
        // finds the sorter read, or learned.
        SorterInUse sorter = app.Services.GetRequiredService<SorterInUse>();
        Task learning = Task.Run(sorter.Begin, cancel);
        Task migrating = Task.Run(() => MakeDatabaseReady(app.Services, cancel), cancel);
        app.LayRoutes();
        await Task.WhenAll(learning, migrating);
        await sorter.TakeUp(cancel);
        if (app.Environment.IsDevelopment() && app.Configuration.GetValue("Demo:Load", true)
            && await app.Services.GetRequiredService<DemoCity>().LoadIfEmpty(database.SeedsFolder, text => sorter.Sort(text, Routing.Triage.TriageContext.First), cancel))
            await app.Services.GetRequiredService<TimedJobs>().RunAllDue(cancel);
    }

    private static async Task MakeDatabaseReady(IServiceProvider services, CancellationToken cancel)
    {
        await services.MigrateRoutingDatabase(cancel);
        await services.MigrateSignIn(cancel);
        await using RoutingDb db = await services.GetRequiredService<IDbContextFactory<RoutingDb>>().CreateDbContextAsync(cancel);
        await services.GetRequiredService<MovableClock>().Load(db, cancel);
    }

    // The port a connection came in on decides, never the Host header, which anybody can write. Each port has routes of its own.
    private static void LayRoutes(this WebApplication app)
    {
        ServiceOptions listen = app.Services.GetRequiredService<IOptions<ServiceOptions>>().Value;
        app.MapWhen(http => http.Connection.LocalPort == Port(app, 1, listen), admin => Alone(admin).UseAdminPort());
        app.MapWhen(http => http.Connection.LocalPort == Port(app, 0, listen), bot => Alone(bot).UseBotPort(app.Environment));
    }

    private static void UseBotPort(this IApplicationBuilder bot, IHostEnvironment environment)
    {
        bot.UseResponseCompression();
        bot.UseChatPage(environment);
        bot.UseWebSockets();
        bot.UseRouting();
        bot.UseCors();
        bot.UseEndpoints(routes =>
        {
            routes.MapChannels();
            routes.MapHealthChecks("/healthz");
        });
    }

    private static void UseAdminPort(this IApplicationBuilder admin)
    {
        admin.UseResponseCompression();
        admin.UseAdmin();
    }

    // A web application shares one table of routes among its branches unless told otherwise; then the bot would answer on the Admin port.
    private static IApplicationBuilder Alone(IApplicationBuilder branch)
    {
        branch.Properties.Remove("__GlobalEndpointRouteBuilder");
        return branch;
    }

    private static async Task Greet(WebApplication app)
    {
        ServiceOptions listen = app.Services.GetRequiredService<IOptions<ServiceOptions>>().Value;
        var said = new List<string>();
        if (listen.Roles.HasFlag(Roles.Bot))
            said.Add(string.Create(CultureInfo.InvariantCulture, $"青年之声 chat page   http://localhost:{Port(app, 0, listen)}/      (bot endpoint: /api/messages)"));
        if (listen.Roles.HasFlag(Roles.Admin))
            said.Add(string.Create(CultureInfo.InvariantCulture, $"Admin pages           http://localhost:{Port(app, 1, listen)}/"));
        if (app.Environment.IsDevelopment())
            said.AddRange((await app.Services.GetRequiredService<DemoAccounts>().EnsureMade(CancellationToken.None)).Prepend("Demo sign-ins (Development only):"));
        foreach (string line in said)
            Console.WriteLine(line);
    }

    // With port 0 the system chooses: the addresses in use tell which it was, the bot's first.
    private static int Port(WebApplication app, int which, ServiceOptions listen)
    {
        int asked = which == 0 ? listen.BotPort : listen.AdminPort;
        if (asked != 0)
            return asked;
        List<string> urls = [.. app.Urls];
        int place = listen.Roles.HasFlag(Roles.Bot) ? which : which - 1;
        return place >= 0 && place < urls.Count ? new Uri(urls[place]).Port : -1;
    }

    private static T Validated<T>(IConfiguration configuration, string section, IValidateOptions<T> rule) where T : class, new()
    {
        T options = configuration.GetSection(section).Get<T>() ?? new T();
        ValidateOptionsResult result = rule.Validate(null, options);
        return result.Failed ? throw new OptionsValidationException(section, typeof(T), result.Failures) : options;
    }

    // `dotnet run` stands in the project's folder, a published service anywhere: pages are beside the sources or beside the program.
    private static string ContentRoot() =>
        Directory.Exists(Path.Combine(Directory.GetCurrentDirectory(), "wwwroot", "chat")) ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory;
}

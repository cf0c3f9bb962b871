using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Imports;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.ProblemLists;
using TuanLink.Routing.ResponseRates;
using TuanLink.Routing.Responses;
using TuanLink.Routing.SecondOpinions;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Versions;
using TuanLink.Routing.Units;

namespace TuanLink.Routing;

public static class RoutingModule
{
    /// <summary>Registers the domain, room by room.</summary>
    public static IServiceCollection AddInquiryRouting(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddRoutingDatabase();

        services.AddSingleton(provider => WorkingCalendars.Read(Path.Combine(Seeds(provider), "calendars")));
        services.AddSingleton(provider => Wording.Read(Path.Combine(Seeds(provider), "wording.zh.json")));

        services.AddOptions<ClockOptions>().BindConfiguration(ClockOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClockOptions>, ClockOptionsRule>();
        services.AddSingleton<ResponseClock>();

        services.AddSingleton<AttachmentBytes>();
        services.AddSingleton<RecordAttachments>();

        services.AddOptions<RoutingOptions>().BindConfiguration(RoutingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RoutingOptions>, RoutingOptionsRule>();
        services.AddSingleton<IPostConfigureOptions<RoutingOptions>, RoutingOptionsRule>();
        services.AddSingleton<Rosters>();
        services.AddSingleton<AssignInquiry>();
        services.AddSingleton<TransferInquiry>();
        services.AddSingleton<HandOverItems>();
        services.AddSingleton<CorrectSorting>();

        services.AddSingleton(provider => EmptyWords.Read(Path.Combine(Seeds(provider), "replies.tsv")));
        services.AddSingleton<ReplyJudgement>();
        services.AddSingleton<RecordResponse>();
        services.AddSingleton<AttachToReply>();
        services.AddSingleton<WriteNote>();
        services.AddSingleton<RecordDelivery>();
        services.AddSingleton<AskForConfirmation>();
        services.AddSingleton<RecordConfirmation>();
        services.AddSingleton<CloseUnconfirmed>();

        services.AddSingleton<ChaseSchedule>();
        services.AddSingleton<ChaseOverdue>();
        services.AddSingleton<ClimbCrisisLadders>();
        services.AddSingleton<HandleCrisis>();

        services.AddSingleton(provider => Things.Read(Path.Combine(Seeds(provider), "things.tsv")));
        services.AddSingleton<CompileProblemList>();
        services.AddSingleton<CloseResponsePeriod>();

        services.AddOptions<TriageOptions>().BindConfiguration(TriageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TriageOptions>, TriageOptionsRule>();
        services.AddOptions<TriageSettings>().BindConfiguration(TriageSettings.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TriageSettings>, TriageSettingsRule>();
        services.AddOptions<LearningSettings>().BindConfiguration(LearningSettings.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LearningSettings>, LearningSettingsRule>();
        services.AddSingleton<SorterInUse>();
        services.AddSingleton<LearnFromCorrections>();

        services.AddSingleton<ContactCodes>();
        services.AddSingleton<LinkYouth>();
        services.AddSingleton<InquiryDesk>();
        services.AddOptions<SecondOpinionOptions>().BindConfiguration(SecondOpinionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SecondOpinionOptions>, SecondOpinionOptionsRule>();
        services.AddSingleton<ImportCity>();
        services.AddSingleton<DemoCity>();
        services.AddSingleton<EraseYouth>();
        return services;
    }

    internal static string Seeds(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.SeedsFolder;
}

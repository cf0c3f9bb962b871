using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Experts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.ProblemLists;
using TuanLink.Routing.ResponseRates;
using TuanLink.Routing.Responses;
using TuanLink.Routing.SecondOpinions;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Triage.Versions;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Database;

/// <summary>What the database itself guarantees: names, keys, and above all which things can exist only once.</summary>
internal static class Schema
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<Unit>().HasIndex(u => u.Code).IsUnique();
        model.Entity<Unit>().HasIndex(u => u.Path);
        model.Entity<Duty>().HasIndex(d => new { d.UnitId, d.Role, d.Rank });

        model.Entity<Handler>().UseTphMappingStrategy().HasDiscriminator<string>("HandlerKind")
            .HasValue<Cadre>("cadre").HasValue<Expert>("expert");
        model.Entity<Handler>().HasIndex(h => h.Code).IsUnique();
        model.Entity<Cadre>().HasIndex(c => c.UnitId);
        model.Entity<Leave>().HasIndex(l => new { l.CadreId, l.Until });
        model.Entity<ServiceAlliance>().HasIndex(a => a.Code).IsUnique();
        model.Entity<ServiceAlliance>().HasIndex(a => a.Topic);
        model.Entity<AllianceMember>().HasIndex(m => m.AllianceId);
        model.Entity<PartnerOrganisation>().HasIndex(o => o.Code).IsUnique();
        model.Entity<OrganisationEvent>().HasIndex(e => e.OrganisationId);

        model.Entity<Youth>().HasIndex(y => y.Pseudonym).IsUnique();
        model.Entity<Conversation>().HasIndex(c => new { c.Channel, c.ChannelConversationId }).IsUnique();
        model.Entity<Conversation>().HasIndex(c => c.YouthId);
        model.Entity<TranscriptEntry>().HasIndex(t => new { t.ConversationId, t.Id });
        model.Entity<TranscriptEntry>().HasIndex(t => new { t.ConversationId, t.ActivityId }).IsUnique();
        model.Entity<ContactLink>().HasIndex(l => new { l.YouthId, l.Until });
        model.Entity<ContactLink>().HasIndex(l => l.CadreId);

        model.Entity<Inquiry>().HasIndex(i => i.Reference).IsUnique();
        model.Entity<Inquiry>().HasIndex(i => new { i.ConversationId, i.Status });
        model.Entity<Inquiry>().HasIndex(i => new { i.HandlerId, i.Status });
        model.Entity<Inquiry>().HasIndex(i => new { i.OwnerId, i.CreatedAt });
        model.Entity<Inquiry>().HasIndex(i => new { i.UnitId, i.CreatedAt });
        model.Entity<Inquiry>().HasIndex(i => new { i.Status, i.ResponseDueAt });
        model.Entity<Inquiry>().Property(i => i.Version).IsConcurrencyToken();
        model.Entity<Message>().HasIndex(m => new { m.ConversationId, m.ActivityId }).IsUnique();
        model.Entity<Message>().HasIndex(m => m.InquiryId);
        model.Entity<Attachment>().HasIndex(a => a.MessageId);
        model.Entity<Attachment>().HasIndex(a => a.ConversationId);
        model.Entity<Attachment>().HasIndex(a => new { a.State, a.DueAt });
        model.Entity<Attachment>().HasIndex(a => a.Key).IsUnique();
        model.Entity<AttachmentPart>().HasIndex(p => new { p.Key, p.Number }).IsUnique();
        // The sweep reads this index alone: behind each row of the table lies a quarter of a megabyte.
        model.Entity<AttachmentPart>().HasIndex(p => new { p.Number, p.At, p.Key });
        model.Entity<Holding>().HasIndex(h => h.InquiryId);
        model.Entity<Handoff>().HasIndex(h => h.InquiryId);
        model.Entity<Handoff>().HasIndex(h => new { h.ToId, h.Outcome });
        model.Entity<TimelineEntry>().HasIndex(t => t.InquiryId);
        model.Entity<AuditEntry>().HasIndex(a => a.At);

        model.Entity<OutboxMessage>().HasIndex(o => new { o.State, o.DueAt });
        model.Entity<OutboxMessage>().HasIndex(o => new { o.ConversationId, o.Id });
        model.Entity<OutboxMessage>().HasIndex(o => o.InquiryId);
        model.Entity<Notice>().HasIndex(n => new { n.HandlerId, n.ReadAt });

        model.Entity<ChaseMark>().HasIndex(m => new { m.InquiryId, m.Round, m.Step }).IsUnique();
        model.Entity<ConfirmationAsked>().HasIndex(c => new { c.InquiryId, c.Round }).IsUnique();
        model.Entity<ProblemList>().HasIndex(l => new { l.CadreId, l.From, l.Until }).IsUnique();
        model.Entity<ProblemEntryInquiry>().HasIndex(i => i.InquiryId);
        model.Entity<ProblemList>().HasMany(l => l.Entries).WithOne().HasForeignKey(e => e.ProblemListId);
        model.Entity<ProblemEntry>().HasMany(e => e.Items).WithOne().HasForeignKey(i => i.ProblemEntryId);
        model.Entity<ClosedRate>().HasIndex(r => new { r.From, r.Until, r.UnitId, r.CadreId }).IsUnique();
        model.Entity<RateCorrection>().HasIndex(c => c.ClosedRateId);
        model.Entity<SortingCorrection>().HasIndex(c => c.InquiryId);
        model.Entity<ModelVersion>().HasIndex(v => new { v.ChampionId, v.CorrectionsUntil }).IsUnique();
        model.Entity<SecondOpinion>().HasKey(o => o.InquiryId);
        model.Entity<SecondOpinion>().Property(o => o.InquiryId).ValueGeneratedNever();
        model.Entity<ReferenceCounter>().HasKey(c => c.Day);
        model.Entity<Setting>().HasKey(s => s.Name);

        foreach (IMutableEntityType entity in model.Model.GetEntityTypes())
        {
            NameInSnakeCase(entity);
            if (entity.BaseType is null && entity.FindPrimaryKey()?.Properties is [{ Name: "Id" } id] && id.ClrType == typeof(long))
            {
                string table = entity.GetTableName()!;
                id.SetValueGeneratorFactory((_, _) => new RowIdGenerator(table));
            }
        }
    }

    private static void NameInSnakeCase(IMutableEntityType entity)
    {
        if (entity.BaseType is null)
            entity.SetTableName(Snake(entity.GetTableName()!));
        foreach (IMutableProperty property in entity.GetDeclaredProperties())
            property.SetColumnName(Snake(property.GetColumnName()));
        foreach (IMutableKey key in entity.GetDeclaredKeys())
            key.SetName(Snake(key.GetName()!));
        foreach (IMutableIndex index in entity.GetDeclaredIndexes())
            index.SetDatabaseName("ix_" + entity.GetTableName() + "_" + string.Join('_', index.Properties.Select(p => Snake(p.Name))));
        foreach (IMutableForeignKey foreign in entity.GetDeclaredForeignKeys())
            foreign.SetConstraintName("fk_" + entity.GetTableName() + "_" + string.Join('_', foreign.Properties.Select(p => Snake(p.Name))));
    }

    private static string Snake(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsAsciiLetterUpper(name[i]) && i > 0 && name[i - 1] != '_' && !char.IsAsciiLetterUpper(name[i - 1]))
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }
        return snake.ToString();
    }
}

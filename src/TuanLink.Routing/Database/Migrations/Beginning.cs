using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace TuanLink.Routing.Database.Migrations;

/// <summary>The first schema. One set of migrations serves both engines; a test compares what they make with the model.</summary>
[DbContext(typeof(RoutingDb))]
[Migration("20261121000000_Beginning")]
public sealed class Beginning : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        // SQLite has no sequences; its one writer counts by itself (RowIds).
        if (migration.IsNpgsql())
            migration.CreateSequence("row_ids", incrementBy: RowIds.Block);
        migration.CreateTable("alliance_members", table => new
        {
            id = Id(table),
            alliance_id = table.Column<long>(nullable: false),
            expert_id = table.Column<long>(nullable: true),
            organisation_id = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_alliance_members", row => row.id);
        });
        migration.CreateTable("alliances", table => new
        {
            id = Id(table),
            code = table.Column<string>(nullable: false),
            name = table.Column<string>(nullable: false),
            topic = table.Column<string>(nullable: false),
            region = table.Column<string>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_alliances", row => row.id);
        });
        migration.CreateTable("audit", table => new
        {
            id = Id(table),
            at = table.Column<long>(nullable: false),
            actor = table.Column<string>(nullable: false),
            action = table.Column<string>(nullable: false),
            subject = table.Column<string>(nullable: false),
            detail = table.Column<string>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_audit", row => row.id);
        });
        migration.CreateTable("chase_marks", table => new
        {
            id = Id(table),
            inquiry_id = table.Column<long>(nullable: false),
            round = table.Column<int>(nullable: false),
            step = table.Column<string>(nullable: false),
            taken_at = table.Column<long>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_chase_marks", row => row.id);
        });
        migration.CreateTable("closed_rates", table => new
        {
            id = Id(table),
            from = table.Column<long>(nullable: false),
            until = table.Column<long>(nullable: false),
            unit_id = table.Column<long>(nullable: false),
            cadre_id = table.Column<long>(nullable: false),
            on_time = table.Column<int>(nullable: false),
            late = table.Column<int>(nullable: false),
            overdue = table.Column<int>(nullable: false),
            not_yet_due = table.Column<int>(nullable: false),
            withdrawn_or_dismissed = table.Column<int>(nullable: false),
            closed_at = table.Column<long>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_closed_rates", row => row.id);
        });
        migration.CreateTable("confirmations", table => new
        {
            id = Id(table),
            inquiry_id = table.Column<long>(nullable: false),
            round = table.Column<int>(nullable: false),
            handler_id = table.Column<long>(nullable: false),
            asked_at = table.Column<long>(nullable: false),
            answered_at = table.Column<long>(nullable: true),
            outcome = table.Column<string>(nullable: true),
            stars = table.Column<int>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_confirmations", row => row.id);
        });
        migration.CreateTable("contact_links", table => new
        {
            id = Id(table),
            cadre_id = table.Column<long>(nullable: false),
            youth_id = table.Column<long>(nullable: false),
            since = table.Column<long>(nullable: false),
            until = table.Column<long>(nullable: true),
            through = table.Column<string>(nullable: false),
            through_name = table.Column<string>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_contact_links", row => row.id);
        });
        migration.CreateTable("conversations", table => new
        {
            id = Id(table),
            youth_id = table.Column<long>(nullable: false),
            channel = table.Column<string>(nullable: false),
            channel_conversation_id = table.Column<string>(nullable: false),
            service_url = table.Column<string>(nullable: false),
            channel_user_id = table.Column<string>(nullable: false),
            channel_bot_id = table.Column<string>(nullable: false),
            welcomed_at = table.Column<long>(nullable: true),
            delivering_by = table.Column<string>(nullable: true),
            delivering_until = table.Column<long>(nullable: true),
            last_inbound_at = table.Column<long>(nullable: false),
            pending = table.Column<string>(nullable: false),
            pending_inquiry_id = table.Column<long>(nullable: true),
            pending_message_id = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_conversations", row => row.id);
        });
        migration.CreateTable("duties", table => new
        {
            id = Id(table),
            unit_id = table.Column<long>(nullable: false),
            cadre_id = table.Column<long>(nullable: false),
            role = table.Column<string>(nullable: false),
            rank = table.Column<int>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_duties", row => row.id);
        });
        migration.CreateTable("handlers", table => new
        {
            id = Id(table),
            code = table.Column<string>(nullable: false),
            name = table.Column<string>(nullable: false),
            phone = table.Column<string>(nullable: true),
            capacity = table.Column<int>(nullable: false),
            open_items = table.Column<int>(nullable: false),
            last_assigned_at = table.Column<long>(nullable: true),
            topics = table.Column<string>(nullable: false),
            on_duty = table.Column<bool>(nullable: false),
            active = table.Column<bool>(nullable: false),
            public_name = table.Column<string>(nullable: false),
            handler_kind = table.Column<string>(nullable: false, maxLength: 8),
            unit_id = table.Column<long>(nullable: true),
            employment = table.Column<string>(nullable: true),
            position = table.Column<string>(nullable: true),
            organisation_id = table.Column<long>(nullable: true),
            title = table.Column<string>(nullable: true),
            regions = table.Column<string>(nullable: true),
            credential = table.Column<string>(nullable: true),
            credential_checked_by = table.Column<long>(nullable: true),
            credential_checked_at = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_handlers", row => row.id);
        });
        migration.CreateTable("handoffs", table => new
        {
            id = Id(table),
            inquiry_id = table.Column<long>(nullable: false),
            kind = table.Column<string>(nullable: false),
            from_id = table.Column<long>(nullable: false),
            to_id = table.Column<long>(nullable: false),
            reason = table.Column<string>(nullable: false),
            offered_at = table.Column<long>(nullable: false),
            expires_at = table.Column<long>(nullable: false),
            outcome = table.Column<string>(nullable: false),
            answered_at = table.Column<long>(nullable: true),
            decline_reason = table.Column<string>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_handoffs", row => row.id);
        });
        migration.CreateTable("holdings", table => new
        {
            id = Id(table),
            inquiry_id = table.Column<long>(nullable: false),
            handler_id = table.Column<long>(nullable: false),
            from = table.Column<long>(nullable: false),
            until = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_holdings", row => row.id);
        });
        migration.CreateTable("inquiries", table => new
        {
            id = Id(table),
            reference = table.Column<string>(nullable: false),
            youth_id = table.Column<long>(nullable: false),
            conversation_id = table.Column<long>(nullable: false),
            unit_id = table.Column<long>(nullable: false),
            channel = table.Column<string>(nullable: false),
            headline = table.Column<string>(nullable: false),
            kind = table.Column<string>(nullable: false),
            topic = table.Column<string>(nullable: false),
            urgency = table.Column<string>(nullable: false),
            category = table.Column<string>(nullable: false),
            status = table.Column<string>(nullable: false),
            sorted_with = table.Column<double>(nullable: false),
            risk = table.Column<string>(nullable: false),
            risk_type = table.Column<string>(nullable: false),
            risk_evidence = table.Column<string>(nullable: false),
            owner_id = table.Column<long>(nullable: false),
            handler_id = table.Column<long>(nullable: false),
            about_cadre_id = table.Column<long>(nullable: true),
            created_at = table.Column<long>(nullable: false),
            round = table.Column<int>(nullable: false),
            round_started_at = table.Column<long>(nullable: false),
            response_due_at = table.Column<long>(nullable: false),
            first_response_due_at = table.Column<long>(nullable: false),
            effective_due_at = table.Column<long>(nullable: false),
            first_response_at = table.Column<long>(nullable: true),
            answered_at = table.Column<long>(nullable: true),
            round_answered_at = table.Column<long>(nullable: true),
            asked_at = table.Column<long>(nullable: true),
            outcome = table.Column<string>(nullable: true),
            stars = table.Column<int>(nullable: true),
            resolved_at = table.Column<long>(nullable: true),
            ended_at = table.Column<long>(nullable: true),
            transfers = table.Column<int>(nullable: false),
            merged_into_id = table.Column<long>(nullable: true),
            crisis_acknowledged_at = table.Column<long>(nullable: true),
            crisis_acknowledged_by = table.Column<long>(nullable: true),
            crisis_since = table.Column<long>(nullable: true),
            contact_outcome = table.Column<string>(nullable: true),
            contact_recorded_by = table.Column<long>(nullable: true),
            follow_up_at = table.Column<long>(nullable: true),
            signed_off_by = table.Column<long>(nullable: true),
            version = table.Column<long>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_inquiries", row => row.id);
        });
        migration.CreateTable("leaves", table => new
        {
            id = Id(table),
            cadre_id = table.Column<long>(nullable: false),
            deputy_id = table.Column<long>(nullable: false),
            from = table.Column<long>(nullable: false),
            until = table.Column<long>(nullable: false),
            reason = table.Column<string>(nullable: false),
            handed_over_at = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_leaves", row => row.id);
        });
        migration.CreateTable("messages", table => new
        {
            id = Id(table),
            conversation_id = table.Column<long>(nullable: false),
            inquiry_id = table.Column<long>(nullable: true),
            author = table.Column<string>(nullable: false),
            handler_id = table.Column<long>(nullable: true),
            text = table.Column<string>(nullable: false),
            at = table.Column<long>(nullable: false),
            activity_id = table.Column<string>(nullable: true),
            is_private_note = table.Column<bool>(nullable: false),
            is_substantive = table.Column<bool>(nullable: false),
            perfunctory_reason = table.Column<string>(nullable: true),
            delivered_at = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_messages", row => row.id);
        });
        migration.CreateTable("notices", table => new
        {
            id = Id(table),
            handler_id = table.Column<long>(nullable: false),
            inquiry_id = table.Column<long>(nullable: true),
            text = table.Column<string>(nullable: false),
            is_urgent = table.Column<bool>(nullable: false),
            at = table.Column<long>(nullable: false),
            read_at = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_notices", row => row.id);
        });
        migration.CreateTable("organisation_events", table => new
        {
            id = Id(table),
            organisation_id = table.Column<long>(nullable: false),
            title = table.Column<string>(nullable: false),
            at = table.Column<long>(nullable: false),
            attendees = table.Column<int>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_organisation_events", row => row.id);
        });
        migration.CreateTable("organisations", table => new
        {
            id = Id(table),
            code = table.Column<string>(nullable: false),
            name = table.Column<string>(nullable: false),
            type = table.Column<string>(nullable: false),
            layer = table.Column<string>(nullable: false),
            region = table.Column<string>(nullable: false),
            guiding_unit_id = table.Column<long>(nullable: false),
            registration = table.Column<string>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_organisations", row => row.id);
        });
        migration.CreateTable("outbox", table => new
        {
            id = Id(table),
            conversation_id = table.Column<long>(nullable: false),
            inquiry_id = table.Column<long>(nullable: true),
            message_id = table.Column<long>(nullable: true),
            reply_to_id = table.Column<string>(nullable: true),
            text = table.Column<string>(nullable: false),
            speaker = table.Column<string>(nullable: false),
            speaker_name = table.Column<string>(nullable: false),
            actions = table.Column<string>(nullable: false),
            tone = table.Column<string>(nullable: false),
            state = table.Column<string>(nullable: false),
            attempts = table.Column<int>(nullable: false),
            created_at = table.Column<long>(nullable: false),
            due_at = table.Column<long>(nullable: false),
            sent_at = table.Column<long>(nullable: true),
            last_error = table.Column<string>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_outbox", row => row.id);
        });
        migration.CreateTable("problem_lists", table => new
        {
            id = Id(table),
            cadre_id = table.Column<long>(nullable: false),
            from = table.Column<long>(nullable: false),
            until = table.Column<long>(nullable: false),
            compiled_at = table.Column<long>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_problem_lists", row => row.id);
        });
        migration.CreateTable("rate_corrections", table => new
        {
            id = Id(table),
            closed_rate_id = table.Column<long>(nullable: false),
            at = table.Column<long>(nullable: false),
            cause = table.Column<string>(nullable: false),
            on_time = table.Column<int>(nullable: false),
            late = table.Column<int>(nullable: false),
            overdue = table.Column<int>(nullable: false),
            not_yet_due = table.Column<int>(nullable: false),
            withdrawn_or_dismissed = table.Column<int>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_rate_corrections", row => row.id);
        });
        migration.CreateTable("reference_counters", table => new
        {
            day = table.Column<string>(nullable: false),
            next = table.Column<int>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_reference_counters", row => row.day);
        });
        migration.CreateTable("settings", table => new
        {
            name = table.Column<string>(nullable: false),
            value = table.Column<string>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_settings", row => row.name);
        });
        migration.CreateTable("timeline", table => new
        {
            id = Id(table),
            inquiry_id = table.Column<long>(nullable: false),
            at = table.Column<long>(nullable: false),
            happening = table.Column<string>(nullable: false),
            actor_id = table.Column<long>(nullable: true),
            text = table.Column<string>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_timeline", row => row.id);
        });
        migration.CreateTable("transcript", table => new
        {
            id = Id(table),
            conversation_id = table.Column<long>(nullable: false),
            activity_id = table.Column<string>(nullable: false),
            json = table.Column<string>(nullable: false),
            at = table.Column<long>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_transcript", row => row.id);
        });
        migration.CreateTable("units", table => new
        {
            id = Id(table),
            code = table.Column<string>(nullable: false),
            name = table.Column<string>(nullable: false),
            kind = table.Column<string>(nullable: false),
            parent_id = table.Column<long>(nullable: true),
            path = table.Column<string>(nullable: false),
            region = table.Column<string>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_units", row => row.id);
        });
        migration.CreateTable("youths", table => new
        {
            id = Id(table),
            pseudonym = table.Column<string>(nullable: false),
            unit_id = table.Column<long>(nullable: true),
            created_at = table.Column<long>(nullable: false),
            erased_at = table.Column<long>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_youths", row => row.id);
        });
        migration.CreateTable("problem_entries", table => new
        {
            id = Id(table),
            problem_list_id = table.Column<long>(nullable: false),
            rank = table.Column<int>(nullable: false),
            title = table.Column<string>(nullable: false),
            category = table.Column<string>(nullable: false),
            topic = table.Column<string>(nullable: false),
            distinct_youths = table.Column<int>(nullable: false),
            inquiries = table.Column<int>(nullable: false),
            first_at = table.Column<long>(nullable: false),
            last_at = table.Column<long>(nullable: false),
            youths_before = table.Column<int>(nullable: true),
            open = table.Column<int>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_problem_entries", row => row.id);
            table.ForeignKey("fk_problem_entries_problem_list_id", row => row.problem_list_id, "problem_lists", "id", onDelete: ReferentialAction.Cascade);
        });
        migration.CreateTable("problem_entry_inquiries", table => new
        {
            id = Id(table),
            problem_entry_id = table.Column<long>(nullable: false),
            inquiry_id = table.Column<long>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("pk_problem_entry_inquiries", row => row.id);
            table.ForeignKey("fk_problem_entry_inquiries_problem_entry_id", row => row.problem_entry_id, "problem_entries", "id", onDelete: ReferentialAction.Cascade);
        });
        migration.CreateIndex("ix_alliance_members_alliance_id", "alliance_members", "alliance_id");
        migration.CreateIndex("ix_alliances_code", "alliances", "code", unique: true);
        migration.CreateIndex("ix_alliances_topic", "alliances", "topic");
        migration.CreateIndex("ix_audit_at", "audit", "at");
        migration.CreateIndex("ix_chase_marks_inquiry_id_round_step", "chase_marks", ["inquiry_id", "round", "step"], unique: true);
        migration.CreateIndex("ix_closed_rates_from_until_unit_id_cadre_id", "closed_rates", ["from", "until", "unit_id", "cadre_id"], unique: true);
        migration.CreateIndex("ix_confirmations_inquiry_id_round", "confirmations", ["inquiry_id", "round"], unique: true);
        migration.CreateIndex("ix_contact_links_cadre_id", "contact_links", "cadre_id");
        migration.CreateIndex("ix_contact_links_youth_id_until", "contact_links", ["youth_id", "until"]);
        migration.CreateIndex("ix_conversations_channel_channel_conversation_id", "conversations", ["channel", "channel_conversation_id"], unique: true);
        migration.CreateIndex("ix_conversations_youth_id", "conversations", "youth_id");
        migration.CreateIndex("ix_duties_unit_id_role_rank", "duties", ["unit_id", "role", "rank"]);
        migration.CreateIndex("ix_handlers_code", "handlers", "code", unique: true);
        migration.CreateIndex("ix_Handlers_unit_id", "handlers", "unit_id");
        migration.CreateIndex("ix_handoffs_inquiry_id", "handoffs", "inquiry_id");
        migration.CreateIndex("ix_handoffs_to_id_outcome", "handoffs", ["to_id", "outcome"]);
        migration.CreateIndex("ix_holdings_inquiry_id", "holdings", "inquiry_id");
        migration.CreateIndex("ix_inquiries_conversation_id_status", "inquiries", ["conversation_id", "status"]);
        migration.CreateIndex("ix_inquiries_handler_id_status", "inquiries", ["handler_id", "status"]);
        migration.CreateIndex("ix_inquiries_owner_id_created_at", "inquiries", ["owner_id", "created_at"]);
        migration.CreateIndex("ix_inquiries_reference", "inquiries", "reference", unique: true);
        migration.CreateIndex("ix_inquiries_status_response_due_at", "inquiries", ["status", "response_due_at"]);
        migration.CreateIndex("ix_inquiries_unit_id_created_at", "inquiries", ["unit_id", "created_at"]);
        migration.CreateIndex("ix_leaves_cadre_id_until", "leaves", ["cadre_id", "until"]);
        migration.CreateIndex("ix_messages_conversation_id_activity_id", "messages", ["conversation_id", "activity_id"], unique: true);
        migration.CreateIndex("ix_messages_inquiry_id", "messages", "inquiry_id");
        migration.CreateIndex("ix_notices_handler_id_read_at", "notices", ["handler_id", "read_at"]);
        migration.CreateIndex("ix_organisation_events_organisation_id", "organisation_events", "organisation_id");
        migration.CreateIndex("ix_organisations_code", "organisations", "code", unique: true);
        migration.CreateIndex("ix_outbox_conversation_id_id", "outbox", ["conversation_id", "id"]);
        migration.CreateIndex("ix_outbox_inquiry_id", "outbox", "inquiry_id");
        migration.CreateIndex("ix_outbox_state_due_at", "outbox", ["state", "due_at"]);
        migration.CreateIndex("ix_problem_entries_problem_list_id", "problem_entries", "problem_list_id");
        migration.CreateIndex("ix_problem_entry_inquiries_inquiry_id", "problem_entry_inquiries", "inquiry_id");
        migration.CreateIndex("ix_problem_entry_inquiries_problem_entry_id", "problem_entry_inquiries", "problem_entry_id");
        migration.CreateIndex("ix_problem_lists_cadre_id_from_until", "problem_lists", ["cadre_id", "from", "until"], unique: true);
        migration.CreateIndex("ix_rate_corrections_closed_rate_id", "rate_corrections", "closed_rate_id");
        migration.CreateIndex("ix_timeline_inquiry_id", "timeline", "inquiry_id");
        migration.CreateIndex("ix_transcript_conversation_id_activity_id", "transcript", ["conversation_id", "activity_id"], unique: true);
        migration.CreateIndex("ix_transcript_conversation_id_id", "transcript", ["conversation_id", "id"]);
        migration.CreateIndex("ix_units_code", "units", "code", unique: true);
        migration.CreateIndex("ix_units_path", "units", "path");
        migration.CreateIndex("ix_youths_pseudonym", "youths", "pseudonym", unique: true);
    }

    // Both engines number the rows themselves; each reads its own annotation.
    private static OperationBuilder<AddColumnOperation> Id(ColumnsBuilder table) => table.Column<long>(nullable: false)
        .Annotation("Sqlite:Autoincrement", true)
        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
}

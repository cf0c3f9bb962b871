using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace TuanLink.Routing.Database.Migrations;

/// <summary>The files that come with messages, and their bytes.</summary>
[DbContext(typeof(RoutingDb))]
[Migration("20261125090000_AttachmentsOfMessages")]
public sealed class AttachmentsOfMessages : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable("attachments", table => new
        {
            id = table.Column<long>(nullable: false).Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            conversation_id = table.Column<long>(nullable: false),
            message_id = table.Column<long>(nullable: false),
            name = table.Column<string>(nullable: false),
            media_type = table.Column<string>(nullable: false),
            size = table.Column<long>(nullable: false),
            state = table.Column<string>(nullable: false),
            failure = table.Column<string>(nullable: true),
            origin = table.Column<string>(nullable: false),
            address = table.Column<string>(nullable: false),
            key = table.Column<string>(nullable: true),
            at = table.Column<long>(nullable: false),
            attempts = table.Column<int>(nullable: false),
            due_at = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("pk_attachments", row => row.id));
        migration.CreateTable("attachment_parts", table => new
        {
            id = table.Column<long>(nullable: false).Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            key = table.Column<string>(nullable: false),
            number = table.Column<int>(nullable: false),
            bytes = table.Column<byte[]>(nullable: false),
            at = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey("pk_attachment_parts", row => row.id));
        migration.CreateIndex("ix_attachments_message_id", "attachments", "message_id");
        migration.CreateIndex("ix_attachments_conversation_id", "attachments", "conversation_id");
        migration.CreateIndex("ix_attachments_state_due_at", "attachments", ["state", "due_at"]);
        migration.CreateIndex("ix_attachments_key", "attachments", "key", unique: true);
        migration.CreateIndex("ix_attachment_parts_key_number", "attachment_parts", ["key", "number"], unique: true);
        migration.CreateIndex("ix_attachment_parts_number_at_key", "attachment_parts", ["number", "at", "key"]);
    }
}

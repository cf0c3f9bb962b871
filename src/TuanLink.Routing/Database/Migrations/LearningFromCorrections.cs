using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace TuanLink.Routing.Database.Migrations;

/// <summary>What humans said of the sorting, and the versions of the sorter that learned from it.</summary>
[DbContext(typeof(RoutingDb))]
[Migration("20261121110000_LearningFromCorrections")]
public sealed class LearningFromCorrections : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<long>("sorted_by_version", "inquiries", nullable: false, defaultValue: 0L);
        migration.CreateTable("sorting_corrections", table => new
        {
            id = table.Column<long>(nullable: false).Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            inquiry_id = table.Column<long>(nullable: false),
            message_id = table.Column<long>(nullable: true),
            by_id = table.Column<long>(nullable: false),
            at = table.Column<long>(nullable: false),
            said_by_version = table.Column<long>(nullable: false),
            said_with = table.Column<double>(nullable: false),
            said_topic = table.Column<string>(nullable: false),
            said_kind = table.Column<string>(nullable: false),
            said_urgency = table.Column<string>(nullable: false),
            said_category = table.Column<string>(nullable: false),
            said_risk = table.Column<string>(nullable: false),
            topic = table.Column<string>(nullable: true),
            kind = table.Column<string>(nullable: true),
            urgency = table.Column<string>(nullable: true),
            category = table.Column<string>(nullable: true),
            risk = table.Column<string>(nullable: true),
            set_aside = table.Column<bool>(nullable: false),
        }, constraints: table => table.PrimaryKey("pk_sorting_corrections", row => row.id));
        migration.CreateTable("model_versions", table => new
        {
            id = table.Column<long>(nullable: false).Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            trained_at = table.Column<long>(nullable: false),
            content_hash = table.Column<string>(nullable: false),
            champion_id = table.Column<long>(nullable: false),
            corrections_until = table.Column<long>(nullable: false),
            lessons = table.Column<string>(nullable: false),
            taught = table.Column<int>(nullable: false),
            held_out = table.Column<int>(nullable: false),
            judgement = table.Column<string>(nullable: false),
            reason = table.Column<string>(nullable: false),
            figures = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey("pk_model_versions", row => row.id));
        migration.CreateIndex("ix_sorting_corrections_inquiry_id", "sorting_corrections", "inquiry_id");
        migration.CreateIndex("ix_model_versions_champion_id_corrections_until", "model_versions", ["champion_id", "corrections_until"], unique: true);
    }
}

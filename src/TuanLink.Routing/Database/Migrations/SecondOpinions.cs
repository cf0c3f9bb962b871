using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace TuanLink.Routing.Database.Migrations;

/// <summary>What a language model said of inquiries, where an office uses one.</summary>
[DbContext(typeof(RoutingDb))]
[Migration("20261121113000_SecondOpinions")]
public sealed class SecondOpinions : Migration
{
    protected override void Up(MigrationBuilder migration) =>
        migration.CreateTable("second_opinions", table => new
        {
            inquiry_id = table.Column<long>(nullable: false),
            state = table.Column<string>(nullable: false),
            asked_at = table.Column<long>(nullable: false),
            attempts = table.Column<int>(nullable: false),
            model = table.Column<string>(nullable: false),
            topic = table.Column<string>(nullable: true),
            danger = table.Column<string>(nullable: true),
            summary = table.Column<string>(nullable: false),
        }, constraints: table => table.PrimaryKey("pk_second_opinions", row => row.inquiry_id));
}

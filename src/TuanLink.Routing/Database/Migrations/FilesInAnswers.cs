using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace TuanLink.Routing.Database.Migrations;

/// <summary>The files that handlers send with their answers.</summary>
[DbContext(typeof(RoutingDb))]
[Migration("20261125110000_FilesInAnswers")]
public sealed class FilesInAnswers : Migration
{
    protected override void Up(MigrationBuilder migration) => migration.AddColumn<long>("attachment_id", "outbox", nullable: true);
}

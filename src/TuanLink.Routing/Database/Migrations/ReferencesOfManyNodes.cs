using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace TuanLink.Routing.Database.Migrations;

/// <summary>
/// References are numbered on PostgreSQL by a sequence that no transaction holds. What stood in a day's counter was its last number;
/// from now on it is what the sequence stood at when the day began, so a day already begun goes on where it was.
/// </summary>
[DbContext(typeof(RoutingDb))]
[Migration("20261126090000_ReferencesOfManyNodes")]
public sealed class ReferencesOfManyNodes : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        if (!migration.IsNpgsql())
            return;
        migration.CreateSequence("reference_numbers");
        migration.Sql("UPDATE reference_counters SET next = -next");
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace TuanLink.Routing.Database.Migrations;

/// <summary>Who sees cards, the cards that go with words, and words that take the place of others.</summary>
[DbContext(typeof(RoutingDb))]
[Migration("20261125100000_Cards")]
public sealed class Cards : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.AddColumn<bool>("shows_cards", "conversations", nullable: false, defaultValue: false);
        migration.AddColumn<string>("card", "outbox", nullable: false, defaultValue: "");
        migration.AddColumn<string>("replaces", "outbox", nullable: true);
        migration.AddColumn<string>("sent_as", "outbox", nullable: true);
    }
}

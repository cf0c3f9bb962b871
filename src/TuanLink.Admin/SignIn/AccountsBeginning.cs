using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace TuanLink.Admin.SignIn;

/// <summary>The accounts' first schema, for both engines.</summary>
[DbContext(typeof(SignInDb))]
[Migration("20261121000000_AccountsBeginning")]
public sealed class AccountsBeginning : Migration
{
    protected override void Up(MigrationBuilder migration)
    {
        migration.CreateTable("accounts", table => new
        {
            Id = table.Column<long>(nullable: false).Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            Role = table.Column<string>(nullable: false),
            HandlerId = table.Column<long>(nullable: true),
            UnitId = table.Column<long>(nullable: true),
            UserName = table.Column<string>(maxLength: 256, nullable: true),
            NormalizedUserName = table.Column<string>(maxLength: 256, nullable: true),
            Email = table.Column<string>(maxLength: 256, nullable: true),
            NormalizedEmail = table.Column<string>(maxLength: 256, nullable: true),
            EmailConfirmed = table.Column<bool>(nullable: false),
            PasswordHash = table.Column<string>(nullable: true),
            SecurityStamp = table.Column<string>(nullable: true),
            ConcurrencyStamp = table.Column<string>(nullable: true),
            PhoneNumber = table.Column<string>(nullable: true),
            PhoneNumberConfirmed = table.Column<bool>(nullable: false),
            TwoFactorEnabled = table.Column<bool>(nullable: false),
            LockoutEnd = table.Column<DateTimeOffset>(nullable: true),
            LockoutEnabled = table.Column<bool>(nullable: false),
            AccessFailedCount = table.Column<int>(nullable: false),
        }, constraints: table => table.PrimaryKey("PK_accounts", a => a.Id));
        migration.CreateIndex("UserNameIndex", "accounts", "NormalizedUserName", unique: true);
        migration.CreateIndex("EmailIndex", "accounts", "NormalizedEmail");
        migration.CreateTable("account_claims", table => new
        {
            Id = table.Column<int>(nullable: false).Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            UserId = table.Column<long>(nullable: false),
            ClaimType = table.Column<string>(nullable: true),
            ClaimValue = table.Column<string>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("PK_account_claims", c => c.Id);
            table.ForeignKey("FK_account_claims_accounts_UserId", c => c.UserId, "accounts", "Id", onDelete: ReferentialAction.Cascade);
        });
        migration.CreateIndex("IX_account_claims_UserId", "account_claims", "UserId");
        migration.CreateTable("account_logins", table => new
        {
            LoginProvider = table.Column<string>(nullable: false),
            ProviderKey = table.Column<string>(nullable: false),
            ProviderDisplayName = table.Column<string>(nullable: true),
            UserId = table.Column<long>(nullable: false),
        }, constraints: table =>
        {
            table.PrimaryKey("PK_account_logins", l => new { l.LoginProvider, l.ProviderKey });
            table.ForeignKey("FK_account_logins_accounts_UserId", l => l.UserId, "accounts", "Id", onDelete: ReferentialAction.Cascade);
        });
        migration.CreateIndex("IX_account_logins_UserId", "account_logins", "UserId");
        migration.CreateTable("account_tokens", table => new
        {
            UserId = table.Column<long>(nullable: false),
            LoginProvider = table.Column<string>(nullable: false),
            Name = table.Column<string>(nullable: false),
            Value = table.Column<string>(nullable: true),
        }, constraints: table =>
        {
            table.PrimaryKey("PK_account_tokens", t => new { t.UserId, t.LoginProvider, t.Name });
            table.ForeignKey("FK_account_tokens_accounts_UserId", t => t.UserId, "accounts", "Id", onDelete: ReferentialAction.Cascade);
        });
    }
}

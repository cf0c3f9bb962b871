using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Experts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;
using Line = TuanLink.Routing.Triage.Seeds.TabbedFile.Line;

namespace TuanLink.Routing.Imports;

/// <summary>
/// Reads units, cadres, posts, partners and youths from the files of a folder (the columns are in seeds/README.md). What has a code is
/// made once and updated when read again; nothing is ever deleted by an import.
/// </summary>
public sealed class ImportCity(ITransactions transactions, Rosters rosters, TimeProvider time)
{
    /// <summary>Imports the whole folder in one transaction.</summary>
    /// <returns>How many of each were read, in words.</returns>
    /// <exception cref="MalformedFile">A line is wrong; file and line are named, and nothing was kept.</exception>
    public async Task<string> Import(string folder, CancellationToken cancel)
    {
        string said = await transactions.Run((db, inner) => new Reading(db, folder, time.GetUtcNow()).All(inner), cancel);
        rosters.Changed();
        return said;
    }

    private sealed class Reading(RoutingDb db, string folder, DateTimeOffset now)
    {
        private readonly Dictionary<string, Unit> _units = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Cadre> _cadres = new(StringComparer.Ordinal);
        private readonly Dictionary<string, PartnerOrganisation> _organisations = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Expert> _experts = new(StringComparer.Ordinal);

        public async Task<string> All(CancellationToken cancel)
        {
            await ReadUnits(cancel);
            await ReadCadres(cancel);
            await ReadDuties(cancel);
            await ReadLeaves(cancel);
            await ReadOrganisations(cancel);
            await ReadExperts(cancel);
            await ReadAlliances(cancel);
            int youths = await ReadYouths(cancel);
            await db.SaveChangesAsync(cancel);
            return $"团组织 {_units.Count}，团干部 {_cadres.Count}，专家 {_experts.Count}，青年社会组织 {_organisations.Count}，青年 {youths}";
        }

        private IEnumerable<Line> Lines(string file, params string[] columns)
        {
            string path = Path.Combine(folder, file);
            return File.Exists(path) ? TabbedFile.Read(path, columns) : [];
        }

        private async Task ReadUnits(CancellationToken cancel)
        {
            Dictionary<string, Unit> known = await db.Units.ToDictionaryAsync(u => u.Code, StringComparer.Ordinal, cancel);
            foreach (Line line in Lines("units.tsv", "code", "parent_code", "name", "kind", "region"))
            {
                string[] v = line.Values;
                Unit? parent = v[1].Length == 0 ? null : Known(line, _units, v[1], "unit above this line");
                Unit unit = known.GetValueOrDefault(v[0]) ?? db.Units.Add(new Unit { Code = Needed(line, v[0]), Name = "" }).Entity;
                (unit.Name, unit.Kind, unit.Region, unit.ParentId) = (Needed(line, v[2]), SeedCodes.Read<UnitKind>(line, v[3]), v[4], parent?.Id);
                await db.SaveChangesAsync(cancel);
                unit.Path = $"{parent?.Path ?? "/"}{unit.Id}/";
                _units[unit.Code] = unit;
            }
        }

        private async Task ReadCadres(CancellationToken cancel)
        {
            Dictionary<string, Cadre> known = await db.Cadres.ToDictionaryAsync(c => c.Code, StringComparer.Ordinal, cancel);
            foreach (Line line in Lines("cadres.tsv", "code", "unit_code", "name", "employment", "position", "phone", "capacity", "topics", "on_duty"))
            {
                string[] v = line.Values;
                Unit unit = Known(line, _units, v[1], "unit");
                Cadre cadre = known.GetValueOrDefault(v[0]) ?? db.Cadres.Add(new Cadre { Code = Needed(line, v[0]), Name = "" }).Entity;
                (cadre.Name, cadre.UnitId, cadre.Employment, cadre.Position) = (Needed(line, v[2]), unit.Id, SeedCodes.Read<Employment>(line, v[3]), v[4]);
                (cadre.Phone, cadre.Capacity, cadre.Topics, cadre.OnDuty) = (v[5], Number(line, v[6], 1, 1000), Topics(line, v[7]), Flag(line, v[8]));
                // 亮身份: a cadre is shown as unit and name (DOMAIN.md §1).
                cadre.PublicName = $"{unit.Name} {cadre.Name}";
                _cadres[cadre.Code] = cadre;
            }
            await db.SaveChangesAsync(cancel);
        }

        private async Task ReadDuties(CancellationToken cancel)
        {
            await db.Duties.ExecuteDeleteAsync(cancel);
            foreach (Line line in Lines("duties.tsv", "unit_code", "cadre_code", "role", "rank"))
                db.Duties.Add(new Duty
                {
                    UnitId = Known(line, _units, line.Values[0], "unit").Id,
                    CadreId = Known(line, _cadres, line.Values[1], "cadre").Id,
                    Role = SeedCodes.Read<DutyRole>(line, line.Values[2]),
                    Rank = Number(line, line.Values[3], 1, 100),
                });
        }

        private async Task ReadLeaves(CancellationToken cancel)
        {
            foreach (Line line in Lines("leaves.tsv", "cadre_code", "from_days", "to_days", "deputy_code", "reason"))
            {
                long cadre = Known(line, _cadres, line.Values[0], "cadre").Id;
                DateTimeOffset from = now.AddDays(Number(line, line.Values[1], -1000, 1000));
                DateTimeOffset until = now.AddDays(Number(line, line.Values[2], -1000, 1000));
                if (until <= from)
                    throw line.Wrong("the leave ends before it begins");
                if (!await db.Leaves.AnyAsync(l => l.CadreId == cadre && l.Until > from && l.From < until, cancel))
                    db.Leaves.Add(new Leave { CadreId = cadre, DeputyId = Known(line, _cadres, line.Values[3], "cadre").Id, From = from, Until = until, Reason = line.Values[4] });
            }
        }

        private async Task ReadOrganisations(CancellationToken cancel)
        {
            Dictionary<string, PartnerOrganisation> known = await db.Organisations.ToDictionaryAsync(o => o.Code, StringComparer.Ordinal, cancel);
            foreach (Line line in Lines("organisations.tsv", "code", "name", "type", "layer", "region", "guiding_unit_code", "registration"))
            {
                string[] v = line.Values;
                PartnerOrganisation organisation = known.GetValueOrDefault(v[0]) ?? db.Organisations.Add(new PartnerOrganisation { Code = Needed(line, v[0]), Name = "" }).Entity;
                (organisation.Name, organisation.Type, organisation.Layer) = (Needed(line, v[1]), SeedCodes.Read<OrganisationType>(line, v[2]), SeedCodes.Read<PartnerLayer>(line, v[3]));
                (organisation.Region, organisation.GuidingUnitId, organisation.Registration) = (v[4], Known(line, _units, v[5], "unit").Id, SeedCodes.Read<Registration>(line, v[6]));
                _organisations[organisation.Code] = organisation;
            }
            await db.SaveChangesAsync(cancel);
            if (await db.OrganisationEvents.AnyAsync(cancel))
                return;
            foreach (Line line in Lines("organisation_events.tsv", "organisation_code", "days_ago", "title", "attendees"))
                db.OrganisationEvents.Add(new OrganisationEvent
                {
                    OrganisationId = Known(line, _organisations, line.Values[0], "organisation").Id,
                    At = now.AddDays(-Number(line, line.Values[1], 0, 10_000)),
                    Title = Needed(line, line.Values[2]),
                    Attendees = Number(line, line.Values[3], 0, 1_000_000),
                });
        }

        private async Task ReadExperts(CancellationToken cancel)
        {
            Dictionary<string, Expert> known = await db.Experts.ToDictionaryAsync(e => e.Code, StringComparer.Ordinal, cancel);
            foreach (Line line in Lines("experts.tsv", "code", "name", "organisation_code", "title", "topics", "regions", "capacity", "available",
                "credential", "credential_checked_by", "credential_checked_days_ago"))
            {
                string[] v = line.Values;
                Expert expert = known.GetValueOrDefault(v[0]) ?? db.Experts.Add(new Expert { Code = Needed(line, v[0]), Name = "" }).Entity;
                (expert.Name, expert.Title, expert.Topics) = (Needed(line, v[1]), v[3], Topics(line, v[4]));
                expert.OrganisationId = v[2].Length == 0 ? null : Known(line, _organisations, v[2], "organisation").Id;
                expert.Regions = [.. v[5].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
                (expert.Capacity, expert.OnDuty, expert.Credential) = (Number(line, v[6], 1, 1000), Flag(line, v[7]), v[8]);
                bool isChecked = v[9].Length > 0;
                expert.CredentialCheckedBy = isChecked ? Known(line, _cadres, v[9], "cadre").Id : null;
                expert.CredentialCheckedAt = isChecked ? now.AddDays(-Number(line, v[10], 0, 10_000)) : null;
                expert.PublicName = $"专家 {expert.Name}（{expert.Title}）";
                _experts[expert.Code] = expert;
            }
            await db.SaveChangesAsync(cancel);
        }

        private async Task ReadAlliances(CancellationToken cancel)
        {
            Dictionary<string, ServiceAlliance> known = await db.Alliances.ToDictionaryAsync(a => a.Code, StringComparer.Ordinal, cancel);
            foreach (Line line in Lines("alliances.tsv", "code", "topic", "region", "name", "member_experts", "member_organisations"))
            {
                string[] v = line.Values;
                ServiceAlliance alliance = known.GetValueOrDefault(v[0]) ?? db.Alliances.Add(new ServiceAlliance { Code = Needed(line, v[0]), Name = "" }).Entity;
                (alliance.Topic, alliance.Region, alliance.Name) = (SeedCodes.Read<Topic>(line, v[1]), v[2], Needed(line, v[3]));
                await db.SaveChangesAsync(cancel);
                await db.AllianceMembers.Where(m => m.AllianceId == alliance.Id).ExecuteDeleteAsync(cancel);
                foreach (string code in v[4].Split(',', StringSplitOptions.RemoveEmptyEntries))
                    db.AllianceMembers.Add(new AllianceMember { AllianceId = alliance.Id, ExpertId = Known(line, _experts, code, "expert").Id });
                foreach (string code in v[5].Split(',', StringSplitOptions.RemoveEmptyEntries))
                    db.AllianceMembers.Add(new AllianceMember { AllianceId = alliance.Id, OrganisationId = Known(line, _organisations, code, "organisation").Id });
            }
        }

        private async Task<int> ReadYouths(CancellationToken cancel)
        {
            int read = 0;
            HashSet<string> known = [.. await db.Youths.Select(y => y.Pseudonym).ToListAsync(cancel)];
            foreach (Line line in Lines("youths.tsv", "code", "unit_code", "cadre_code", "through", "through_name", "linked_days_ago"))
            {
                string[] v = line.Values;
                read++;
                if (!known.Add(PseudonymOf(v[0])))
                    continue;
                Youth youth = db.Youths.Add(new Youth { Pseudonym = PseudonymOf(v[0]), UnitId = Known(line, _units, v[1], "unit").Id, CreatedAt = now }).Entity;
                if (v[2].Length == 0)
                    continue;
                await db.SaveChangesAsync(cancel);
                db.ContactLinks.Add(new ContactLink
                {
                    YouthId = youth.Id,
                    CadreId = Known(line, _cadres, v[2], "cadre").Id,
                    Through = SeedCodes.Read<LinkThrough>(line, v[3]),
                    ThroughName = v[4],
                    Since = now.AddDays(-Number(line, v[5], 0, 10_000)),
                });
            }
            return read;
        }

        private static T Known<T>(Line line, Dictionary<string, T> read, string code, string what) =>
            read.GetValueOrDefault(code) ?? throw line.Wrong($"there is no {what} '{code}'");

        private static string Needed(Line line, string value) =>
            value.Length is > 0 and <= 200 ? value : throw line.Wrong("a name or code is empty or longer than 200 characters");

        private static int Number(Line line, string value, int least, int most) =>
            int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
                ? number : throw line.Wrong($"'{value}' is not a whole number from {least} to {most}");

        private static bool Flag(Line line, string value) => value switch
        {
            "true" => true,
            "false" => false,
            _ => throw line.Wrong($"'{value}' is neither true nor false"),
        };

        private static List<Topic> Topics(Line line, string value) =>
            [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(t => SeedCodes.Read<Topic>(line, t))];
    }

    /// <summary>The pseudonym of a youth that a file names by a code.</summary>
    internal static string PseudonymOf(string code) => $"青年-{code}";
}

using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Tests.Assignments;

public sealed class SightTests
{
    [Fact]
    public async Task Nobody_reads_more_than_the_reference_model_allows_in_any_role_and_relation()
    {
        await using Office office = await Office.Open();
        Inquiry[] items =
        [
            await office.Receive(linkedTo: office.Wang), await office.Receive("厂里不发工资", Topic.Rights, linkedTo: office.Li),
            await office.Receive("我要投诉王小明，态度差", kind: InquiryKind.ProblemReport, linkedTo: office.Wang), await office.Receive("不想活了", Topic.MentalHealth, risk: Risk.Crisis),
        ];
        List<Handoff> offers = await office.See(db => db.Handoffs.ToListAsync());
        long?[] people = [null, office.Wang.Id, office.Li.Id, office.Responder.Id, office.Desk.Id, office.Lawyer.Id];
        string?[] paths = [null, office.City.Path, office.District.Path];
        foreach (Role role in Enum.GetValues<Role>())
            foreach (long? person in people)
                foreach (string? path in paths)
                {
                    var viewer = new Viewer(role, person, path, "x");
                    List<long> seen = await office.See(db => db.Inquiries.ReadableBy(db, viewer).Select(i => i.Id).ToListAsync());
                    foreach (Inquiry item in items)
                        Assert.True(May(viewer, item) == seen.Contains(item.Id), $"{role} {person} {path} {item.Reference}");
                }

        bool May(Viewer viewer, Inquiry item)
        {
            if (viewer.HandlerId is not null && viewer.HandlerId == item.AboutCadreId)
                return false;
            bool part = viewer.HandlerId is { } self && (item.HandlerId == self || item.OwnerId == self
                || offers.Exists(o => o.InquiryId == item.Id && o.ToId == self && o.Outcome == HandoffOutcome.Pending));
            return viewer.Role switch
            {
                Role.SystemAdministrator => true,
                Role.UnitAdministrator => viewer.UnitPath is not null && (office.City.Path.StartsWith(viewer.UnitPath, StringComparison.Ordinal) || part),
                Role.Cadre or Role.Expert => part,
                _ => false,
            };
        }
    }
}

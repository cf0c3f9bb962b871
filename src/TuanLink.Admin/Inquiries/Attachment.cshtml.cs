using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Admin.Inquiries;

/// <summary>A file that came with an inquiry, for whoever may read the inquiry's words; to anybody else it is not there.</summary>
public sealed class AttachmentModel : AdminPage
{
    [FromRoute(Name = "reference")] public string Reference { get; set; } = "";
    [FromRoute(Name = "id")] public long Id { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!References.IsValid(Reference) || await Db.Inquiries.ReadableBy(Db, Viewer).FirstOrDefaultAsync(i => i.Reference == Reference, Cancel) is not { } inquiry
            || await Db.Attachments.FirstOrDefaultAsync(a => a.Id == Id && a.State == AttachmentState.Kept && Db.Messages.Any(m => m.Id == a.MessageId && m.InquiryId == inquiry.Id), Cancel) is not { } file)
            return NotFound();
        // What a stranger sent runs nothing here, whatever a browser takes it for.
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        var disposition = new ContentDispositionHeaderValue(MediaTypes.IsShown(file.MediaType) && !Request.Query.ContainsKey("save") ? "inline" : "attachment");
        disposition.SetHttpFileName(FileNames.ForSaving(file.Name, file.MediaType));
        Response.Headers.ContentDisposition = disposition.ToString();
        return new FileStreamResult(Service<AttachmentBytes>().Open(file), file.MediaType) { EnableRangeProcessing = true };
    }
}

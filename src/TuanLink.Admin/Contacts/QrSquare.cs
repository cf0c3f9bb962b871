using System.Collections;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Html;
using QRCoder;

namespace TuanLink.Admin.Contacts;

/// <summary>A QR code as one SVG path: sharp at any size on paper, and nothing to load.</summary>
public static class QrSquare
{
    /// <param name="label">What it is, for those who cannot see it.</param>
    public static IHtmlContent Of(string content, string label)
    {
        // Q: a quarter of a poster may be torn or rained on.
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(content, QRCodeGenerator.ECCLevel.Q);
        int size = code.ModuleMatrix.Count;
        var path = new StringBuilder();
        for (int y = 0; y < size; y++)
        {
            BitArray row = code.ModuleMatrix[y];
            for (int x = 0; x < size; x++)
            {
                if (!row[x])
                    continue;
                int from = x;
                while (x + 1 < size && row[x + 1])
                    x++;
                path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from + 1}v1H{from}z");
            }
        }
        return new HtmlString(string.Create(CultureInfo.InvariantCulture,
            $"<svg class=\"qr\" role=\"img\" aria-label=\"{System.Net.WebUtility.HtmlEncode(label)}\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\"><rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"));
    }
}

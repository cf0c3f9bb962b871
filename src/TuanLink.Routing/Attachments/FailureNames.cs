namespace TuanLink.Routing.Attachments;

/// <summary>What people read of attachments: why one failed, what one is.</summary>
public static class FailureNames
{
    public static string Of(AttachmentFailure failure) => failure switch
    {
        AttachmentFailure.TooLarge => $"文件超过 {SentFile.Largest / 1024 / 1024} MB",
        AttachmentFailure.TooMany => $"一次最多 {SentFile.Most} 个文件",
        AttachmentFailure.TooOften => "一天之内收的附件已经太多",
        AttachmentFailure.KindNotTaken => "只收图片、录音和 PDF，这个文件不是",
        AttachmentFailure.Empty => "文件是空的",
        AttachmentFailure.CutOff => "传到一半断了",
        AttachmentFailure.NoAddress => "渠道没有给出能下载的地址",
        AttachmentFailure.AddressRefused => "下载地址不允许访问",
        AttachmentFailure.Gone => "渠道上已经没有这个文件",
        AttachmentFailure.Refused => "渠道不让下载",
        AttachmentFailure.NoAnswer => "试了几次都没有下载成功",
        AttachmentFailure.NotStored => "保存时出了错",
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };

    /// <summary>图片, 录音, PDF; 附件 where it is not known.</summary>
    public static string KindOf(string mediaType) => mediaType.Split('/')[0] switch
    {
        "image" => "图片",
        "audio" => "录音",
        "application" => "PDF",
        _ => "附件",
    };
}

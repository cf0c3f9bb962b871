using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TuanLink.Bot;
using TuanLink.Bot.Channels.Outside;

namespace TuanLink.Journeys.Channels;

public sealed class ChannelSettingTests
{
    [Theory]
    [InlineData("Channels:BotFramework:AppSecret is empty", "--Channels:BotFramework:AppId=a")]
    [InlineData("Channels:BotFramework:AppId is empty", "--Channels:BotFramework:AppSecret=hidden")]
    [InlineData("Channels:BotFramework:ChannelMetadata is 'http://login.example'", "--Channels:BotFramework:ChannelMetadata=http://login.example")]
    [InlineData("Channels:BotFramework:Tenant is 'a/b'", "--Channels:BotFramework:Tenant=a/b")]
    [InlineData("WeChat:Token is missing or wrong", "--WeChat:Enabled=true")]
    [InlineData("WeChat:AppSecret is missing or wrong", "--WeChat:Enabled=true", "--WeChat:Token=hidden", "--WeChat:AppId=wx")]
    [InlineData("WeChat:EncodingAesKey is missing or wrong", "--WeChat:Enabled=true", "--WeChat:Token=abc", "--WeChat:AppId=wx", "--WeChat:AppSecret=x", "--WeChat:EncodingAesKey=hidden")]
    [InlineData("WeChat:ApiAddress is 'http://api.example'", "--WeChat:Enabled=true", "--WeChat:Token=abc", "--WeChat:AppId=wx", "--WeChat:AppSecret=x", "--WeChat:ApiAddress=http://api.example")]
    [InlineData("WeChat:AnswerWithin is '9000'", "--WeChat:Enabled=true", "--WeChat:Token=abc", "--WeChat:AppId=wx", "--WeChat:AppSecret=x", "--WeChat:AnswerWithin=9000")]
    [InlineData("Limits:YouthBurst is '0'", "--Limits:YouthBurst=0")]
    [InlineData("Limits:AbuseMessages is '0'; it must be 1 to 100", "--Limits:AbuseMessages=0")]
    [InlineData("Limits:AbuseMinutes is '61'; it must be 1 to 60", "--Limits:AbuseMinutes=61")]
    [InlineData("Limits:SlowedEveryMinutes is '0'; it must be 1 to 60", "--Limits:SlowedEveryMinutes=0")]
    [InlineData("Limits:SlowedMinutes is '1441'; it must be 1 to 1440", "--Limits:SlowedMinutes=1441")]
    [InlineData("Attachments:LinkHours is '721'; it must be 1 to 720", "--Attachments:LinkHours=721")]
    [InlineData("Limits:Proxies has '10.0.0.1/x'", "--Limits:Proxies:0=10.0.0.1/x")]
    [InlineData("Service:PublicAddress is 'youth.example.cn'", "--Service:PublicAddress=youth.example.cn")]
    public async Task A_wrong_setting_of_a_channel_is_named_and_its_secrets_are_not(string sentence, params string[] settings)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using WebApplication service = Service.Build(settings);
            service.Services.GetRequiredService<IStartupValidator>().Validate();
        });
        Assert.Contains(sentence, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://connector.example.com/", true)]
    [InlineData("https://smba.trafficmanager.net/cn/", true)]
    [InlineData("https://93.184.216.34/", true)]
    [InlineData("https://[2606:2800:220:1::1]/", true)]
    [InlineData("https://93.184.216.34.:8443/", true)]
    [InlineData("https://10.0.0.1.nip.io/", true)] // a name: judged when it is looked up
    [InlineData("http://connector.example.com/", false)]
    [InlineData("https://3232235777/", false)]
    [InlineData("https://0300.0250.1.1/", false)]
    [InlineData("https://[::]/", false)]
    [InlineData("https://[2001:db8::1]/", false)]
    [InlineData("https://metadata.google.internal/", false)]
    public void An_address_is_judged_by_its_writing_first(string address, bool may) => Assert.Equal(may, PublicAddresses.MayBe(new Uri(address)));
}

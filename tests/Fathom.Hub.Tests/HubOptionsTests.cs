namespace Fathom.Hub.Tests;

public sealed class HubOptionsTests
{
    [Theory]
    [InlineData("/h/.cache/huggingface/hub", "HOME=/h")]
    [InlineData("/x/huggingface/hub", "HOME=/h XDG_CACHE_HOME=/x")]
    [InlineData("/hf/hub", "HOME=/h XDG_CACHE_HOME=/x HF_HOME=/hf")]
    [InlineData("/old", "HOME=/h HF_HOME=/hf HUGGINGFACE_HUB_CACHE=/old")]
    [InlineData("/new", "HOME=/h HF_HOME=/hf HUGGINGFACE_HUB_CACHE=/old HF_HUB_CACHE=/new")]
    [InlineData("/h/models", "HOME=/h HF_HUB_CACHE=~/models")]
    [InlineData("/data/m/hub", "HOME=/h HF_HOME=$DISK/m DISK=/data")]
    [InlineData("/data/m/hub", "HOME=/h HF_HOME=${DISK}/m DISK=/data")]
    public void Finds_the_cache_where_python_does(string folder, string variables)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths are those of Unix.");
        Assert.Equal(folder, Read(variables).CacheFolder);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("on", true)]
    [InlineData("Yes", true)]
    [InlineData("TRUE", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Reads_flags_as_python_does(string value, bool expected)
    {
        Assert.Equal(expected, Read($"HF_HUB_OFFLINE={value}").Offline);
        Assert.Equal(expected, Read($"TRANSFORMERS_OFFLINE={value}").Offline);
        Assert.Equal(!expected, Read($"HF_HUB_DISABLE_SYMLINKS={value}").UseSymlinks);
    }

    [Fact]
    public void Reads_the_token_in_pythons_order_and_never_shows_it()
    {
        var options = Read("HF_TOKEN=hf_one HUGGING_FACE_HUB_TOKEN=hf_two HF_HOME=/hf");

        Assert.Equal("hf_one", options.Token!.Secret);
        Assert.Equal("hf_two", Read("HUGGING_FACE_HUB_TOKEN=hf_two").Token!.Secret);
        Assert.EndsWith("token", options.TokenFile, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_one", options.ToString(), StringComparison.Ordinal);
        var silent = Read("HF_TOKEN=hf_one HF_HUB_DISABLE_IMPLICIT_TOKEN=1");
        Assert.Equal((null, null), (silent.Token, silent.TokenFile));
        Assert.DoesNotContain("hf_a b", Assert.Throws<HubSettingException>(() => new HubToken("hf_a b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_endpoint_and_patience()
    {
        Assert.Equal("https://huggingface.co/", Read("").Endpoint.ToString());
        Assert.Equal("https://mirror.example/hf", Read("HF_ENDPOINT=https://mirror.example/hf/").Endpoint.ToString());
        Assert.Equal(TimeSpan.FromSeconds(30), Read("HF_HUB_DOWNLOAD_TIMEOUT=30").StallTimeout);
        Assert.Contains("HF_HUB_ETAG_TIMEOUT: expected a number of seconds above 0; found 'soon'. Correct the variable or unset it.", Assert.Throws<HubSettingException>(() => Read("HF_HUB_ETAG_TIMEOUT=soon")).Message, StringComparison.Ordinal);
        Assert.Throws<HubSettingException>(() => Read("HF_ENDPOINT=mirror.example"));
    }

    private static HubOptions Read(string variables)
    {
        var values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        return HubOptions.FromEnvironment(values.GetValueOrDefault);
    }
}

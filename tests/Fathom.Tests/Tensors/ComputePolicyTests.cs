using Fathom.Tensors;

namespace Fathom.Tests.Tensors;

[Collection(nameof(ComputePolicyTests))]
[CollectionDefinition(nameof(ComputePolicyTests), DisableParallelization = true)]
public sealed class ComputePolicyTests : IDisposable
{
    public void Dispose() => ComputePolicy.Apply(new());

    [Fact]
    public void Products_are_true_fp32_under_every_backend_that_is_accepted()
    {
        foreach (var backend in Enum.GetValues<MatmulBackend>())
        {
            try
            {
                var policy = ComputePolicy.Apply(new() { Matmul = backend });
                Assert.InRange(policy.ProductError, 1e-9, 1e-5);
                Assert.NotEqual(MatmulBackend.Auto, policy.Matmul);
                Assert.Same(policy, ComputePolicy.Current);
            }
            catch (ComputeSettingException refused)
            {
                // A processor whose oneDNN rounds to bf16 refuses it; nothing refuses the other two.
                Assert.Equal(MatmulBackend.OneDnn, backend);
                Assert.Contains("Auto or Mkl", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Threads_are_what_was_asked_for()
    {
        Assert.Equal(1, ComputePolicy.Apply(new() { Threads = 1 }).Threads);
        Assert.Equal(1, torch.get_num_threads());
        var error = Assert.Throws<ComputeSettingException>(() => ComputePolicy.Apply(new() { Threads = 0 }));
        Assert.Contains("Threads is '0', but must be a positive number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_switches_the_backend_off()
    {
        Environment.SetEnvironmentVariable("FATHOM_MATMUL", "mkl");
        try
        {
            Assert.Equal(MatmulBackend.Mkl, ComputePolicy.Apply(ComputeOptions.FromEnvironment()).Matmul);
            Environment.SetEnvironmentVariable("FATHOM_MATMUL", "fast");
            var error = Assert.Throws<ComputeSettingException>(ComputeOptions.FromEnvironment);
            Assert.Equal(("FATHOM_MATMUL", "fast"), (error.Setting, error.Value));
            Assert.Contains("must be auto, mkl or onednn", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("FATHOM_MATMUL", null);
        }
    }

    [Fact]
    public void The_self_test_leaves_the_random_sequence_alone()
    {
        torch.random.manual_seed(7);
        var expected = torch.rand(1).item<float>();
        torch.random.manual_seed(7);
        ComputePolicy.Apply(new());
        Assert.Equal(expected, torch.rand(1).item<float>());
    }

    [Fact]
    public void Describes_itself_in_one_line()
    {
        var text = ComputePolicy.Apply(new() { Threads = 1, Matmul = MatmulBackend.Mkl }).ToString();
        Assert.StartsWith("1 threads, fp32 products by Mkl (asked for; error ", text, StringComparison.Ordinal);
        ComputePolicy.TrimMemory();
    }
}

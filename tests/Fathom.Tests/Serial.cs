// Tensors of all tests live in one process with two threads of its own; running tests one at a time keeps their memory and speed predictable.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

using Fathom.Hub;

namespace Fathom.Cli.Commands.Models;

/// <summary>A model's files as a JSON document.</summary>
internal static class SnapshotJson
{
    internal static void Write(Invocation run, HubSnapshot snapshot) => run.WriteJson("fathom.models.path/1", json =>
    {
        json.WriteString("repo_id", snapshot.RepoId);
        json.WriteString("revision", snapshot.Revision);
        json.WriteString("commit", snapshot.Commit);
        json.WriteString("folder", snapshot.Folder);
        json.WriteArray("files", snapshot.Files, file =>
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteEndObject();
        });
    });
}

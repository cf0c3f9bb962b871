using Microsoft.Extensions.Options;

namespace TuanLink.Routing.Database;

public enum Engine { Sqlite, Postgres }

/// <summary>Where the service remembers (section "Database").</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    public Engine Engine { get; set; } = Engine.Sqlite;

    /// <summary>The folder of everything kept on this machine: SQLite files, sign-in keys, the trained sorter.</summary>
    public string Folder { get; set; } = "data";

    /// <summary>The connection string; needed for PostgreSQL, and for SQLite made from the folder when empty.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The folder of seeds; beside the program when empty.</summary>
    public string Seeds { get; set; } = "";

    /// <summary>The seeds folder in use.</summary>
    public string SeedsFolder => Seeds.Length > 0 ? Seeds : Path.Combine(AppContext.BaseDirectory, "seeds");
}

internal sealed class DatabaseOptionsRule : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        if (!Enum.IsDefined(options.Engine))
            return ValidateOptionsResult.Fail($"Database:Engine is '{options.Engine}'; it must be Sqlite or Postgres.");
        if (options.Engine == Engine.Postgres && string.IsNullOrWhiteSpace(options.ConnectionString))
            return ValidateOptionsResult.Fail("Database:ConnectionString is empty; Database:Engine 'Postgres' needs one.");
        if (string.IsNullOrWhiteSpace(options.Folder))
            return ValidateOptionsResult.Fail("Database:Folder is empty; it must name a folder the service may write to.");
        if (!Directory.Exists(options.SeedsFolder))
            return ValidateOptionsResult.Fail($"Database:Seeds is '{options.Seeds}'; there is no folder {options.SeedsFolder}.");
        return ValidateOptionsResult.Success;
    }
}

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace TuanLink.Routing.Database;

/// <summary>
/// Makes EF Core 10's SQLite provider run on SQLitePCLRaw 2.0.6 and on the system's libsqlite3 where there is one.
/// Why it must be done here, before anything else of the assembly runs: docs/decisions/0002.
/// </summary>
internal static class SystemSqlite
{
    private const string Bundled = "e_sqlite3";

    [ModuleInitializer]
    internal static void Prepare()
    {
        // EF's provider names SQLitePCLRaw.core 2.1; the loaded 2.0.6 has all it calls but sqlite3_load_extension.
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "SQLitePCLRaw.core"
                ? context.Assemblies.FirstOrDefault(a => a.GetName().Name == name.Name)
                    ?? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "SQLitePCLRaw.core.dll"))
                : null;
        Initialise();
    }

    // Apart, so that nothing of SQLitePCLRaw is loaded before the resolver above stands.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Initialise()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, PreferSystemLibrary);
        SQLitePCL.Batteries_V2.Init();
    }

    // Debian's library gets security fixes; the bundled one of 2020 does not.
    private static IntPtr PreferSystemLibrary(string library, Assembly assembly, DllImportSearchPath? path) =>
        library == Bundled && NativeLibrary.TryLoad("libsqlite3.so.0", out IntPtr system) ? system : IntPtr.Zero;
}

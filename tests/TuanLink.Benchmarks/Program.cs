using TuanLink.Benchmarks;
using TuanLink.Benchmarks.Bots;
using TuanLink.Benchmarks.Kills;
using TuanLink.Benchmarks.Sink;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};
AppDomain.CurrentDomain.ProcessExit += (_, _) => BotProcess.KillAll();

try
{
    var options = Options.Parse(args.Skip(1));
    return args.FirstOrDefault() switch
    {
        "turns" => await Turns.RunAsync(options, interrupted.Token),
        "cold-start" => await ColdStart.RunAsync(options, interrupted.Token),
        "sockets" => await Sockets.RunAsync(options, interrupted.Token),
        "kill" => await Kill.RunAsync(options, interrupted.Token),
        "sorting" => Sorting.Run(options),
        "pour" => await Pour.RunAsync(options, interrupted.Token),
        "sink" => await SinkProcess.ServeAsync(interrupted.Token),
        _ => Usage(),
    };
}
catch (BenchmarkException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130;
}
finally
{
    BotProcess.KillAll();
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        Build in Release first: dotnet build -c Release TuanLink.sln

        turns       TuanLink beside an echo bot on the JavaScript SDK, same machine, load and sink
                    --connections 1,16,64 --rounds 3 --seconds 6 --warm 6
                    --mix 4        messages a conversation has
                    --youths 0     so many youths write again and again; 0: a new youth each conversation
                    --only echo | tuanlink
        cold-start  from process start to the first answered turn, and memory at rest
                    --fill 5000    messages the filled folder holds
                    --rest 20      seconds before the memory is read
        sockets     Direct Line WebSockets to a freshly started service, each saying something now and then:
                    how long until its own words and the answer are heard, memory, processor time, errors
                    --count 1000 --every 10 --seconds 60
        kill        kill -9 under load; nothing that was answered may be lost or doubled
                    --kills 10 --clients 16 --seed 2611 --drain 60
                    --channel both | connector | page
                    --receiver strict   a reply that comes to the connector again under its activity id is a fault too
        sorting     messages a second the sorter answers, beside fastText where it is installed
        pour FILE.tsv [column]
                    posts every row to a running service, each from a youth of its own
                    --url http://127.0.0.1:3978 --connections 16 --sink-port 3979

        Everywhere: --bot PATH/TuanLink.Bot.dll (default: this checkout's build)
                    --set Name=Value   a setting for TuanLink, as often as wanted
                    --keep             leave the data folder and the logs in place
        """);
    return 2;
}

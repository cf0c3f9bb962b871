using TuanLink.Routing;
using TuanLink.Routing.Database;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddInquiryRouting();
WebApplication app = builder.Build();
await app.Services.MigrateRoutingDatabase(app.Lifetime.ApplicationStopping);
await app.RunAsync();

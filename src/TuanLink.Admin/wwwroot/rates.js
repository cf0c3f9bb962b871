/* Draws the five counts of the table below it; without the library the table stands alone. */
(() => {
  const place = document.getElementById("chart");
  const rows = [...document.querySelectorAll("#figures tbody tr")].slice(0, 20).reverse();
  if (!place) return;
  if (typeof echarts === "undefined" || rows.length === 0) { place.parentElement.remove(); return; }
  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  place.style.height = Math.max(12, rows.length * 1.9 + 4) + "rem";
  const chart = echarts.init(place);
  const series = [["ontime", "按时", "--good"], ["late", "迟到", "--warn"], ["overdue", "超时未答", "--danger"], ["notyet", "未到期", "--line-strong"], ["away", "撤回/排除", "--line"]];
  // What tells two lines apart stands at a name's end (共青团澜江市委 王某某): that is what a narrow screen keeps.
  const room = place.clientWidth < 520 ? 8 : 18;
  const nameEnd = name => name.length <= room ? name : "…" + name.slice(1 - room);
  chart.setOption({
    animation: false, textStyle: { fontFamily: "inherit", color: token("--ink") },
    legend: { top: 0, textStyle: { color: token("--ink") }, itemWidth: 12, itemHeight: 12 },
    grid: { left: 8, right: 16, top: 48, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true },
    xAxis: { type: "value", minInterval: 1, axisLabel: { color: token("--quiet") }, splitLine: { lineStyle: { color: token("--line") } } },
    yAxis: { type: "category", data: rows.map(r => r.cells[0].textContent.trim()), axisLabel: { color: token("--ink"), formatter: nameEnd } },
    series: series.map(([key, name, colour]) => ({ type: "bar", stack: "all", name, itemStyle: { color: token(colour) }, data: rows.map(r => Number(r.dataset[key])) })),
  });
  addEventListener("resize", () => chart.resize());
})();

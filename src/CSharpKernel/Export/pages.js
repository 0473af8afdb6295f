for (const chart of document.querySelectorAll(".chart")) {
  const { data, layout, config } = JSON.parse(chart.querySelector("script").textContent);
  chart.replaceChildren();
  Plotly.newPlot(chart, data, layout, { responsive: true, ...config });
}

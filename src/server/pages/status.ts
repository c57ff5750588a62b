/** The live page at `/status`: the measures of docs/metrics.md without Prometheus. Nothing is loaded from elsewhere. */
export function statusPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>siibra-api: status</title>
<link rel="icon" href="/static/favicon.svg">
<link rel="stylesheet" href="/static/page.css">
<link rel="stylesheet" href="/static/status.css">
</head>
<body>
<main class="status">
<header><h1>siibra-api</h1><span id="phase" class="pill"></span><span id="service"></span></header>
<p class="lead">Weighted response time: what people wait for an answer, weighted by how much they depend on it.</p>
<section class="cards" id="cards"></section>
<section class="charts">
<figure><figcaption>Weighted response time, ms, 5 min <output id="weighted-now"></output></figcaption><svg id="weighted" viewBox="0 0 300 90" preserveAspectRatio="none"></svg></figure>
<figure><figcaption>Answers per second, 5 min <output id="rate-now"></output></figcaption><svg id="rate" viewBox="0 0 300 90" preserveAspectRatio="none"></svg></figure>
</section>
<h2>Answers of the last five minutes</h2>
<table><thead><tr><th>Criticality</th><th>Answers</th><th>Failed</th><th>Mean</th><th>p50</th><th>p99</th></tr></thead><tbody id="classes"></tbody></table>
<h2>Queues</h2>
<table><thead><tr><th>Queue</th><th>Threads or workers</th><th>Active</th><th>Waiting</th><th>Done</th><th>Shared</th><th>Refused</th><th>Given up</th><th>Mean wait</th><th>Mean run</th></tr></thead><tbody id="queues"></tbody></table>
<h2>Memory</h2>
<table><tbody id="memory"></tbody></table>
<p class="foot"><a href="/">Start</a> · <a href="/status.json">This as JSON</a> · <a href="/metrics">Prometheus</a> · <span id="updated"></span></p>
</main>
<script src="/static/status.js"></script>
</body>
</html>
`
}

export const STATUS_CSS = `
.status { max-width: 64rem; font-variant-numeric: tabular-nums; }
.status header { display: flex; align-items: center; gap: .8rem; flex-wrap: wrap; }
.status h1 { margin: 0; } .lead { opacity: .75; margin: .3rem 0 1.2rem; } .foot { font-size: .85rem; opacity: .8; margin-top: 2rem; }
.pill { border-radius: 1rem; padding: .1rem .7rem; font-size: .85rem; color: #fff; background: #888; }
.pill.ready { background: #15803d; } .pill.starting, .pill.stopping { background: #b45309; } .pill.failed, .pill.away { background: #b91c1c; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .8rem; }
.card { border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .9rem; }
.card b { display: block; font-size: 1.5rem; font-weight: 650; } .card span { font-size: .82rem; opacity: .75; }
.card.bad b { color: #dc2626; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: .8rem; margin-top: .8rem; }
figure { margin: 0; border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .9rem; }
figcaption { font-size: .82rem; opacity: .8; display: flex; justify-content: space-between; }
output { font-weight: 650; } svg { width: 100%; height: 6rem; display: block; margin-top: .4rem; }
svg .area { fill: var(--accent); opacity: .18; } svg .line { fill: none; stroke: var(--accent); stroke-width: 1.6; vector-effect: non-scaling-stroke; }
.status table { width: 100%; border-collapse: collapse; font-size: .9rem; }
.status th, .status td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: right; }
.status th:first-child, .status td:first-child { text-align: left; }
.status thead th { font-weight: 600; opacity: .75; font-size: .8rem; }
.bar { display: inline-block; height: .6rem; border-radius: .3rem; background: var(--accent); vertical-align: middle; margin-left: .5rem; }
@media (max-width: 44rem) { .status table { display: block; overflow-x: auto; } }
`

export const STATUS_JS = `
const at = (id) => document.getElementById(id)
const ms = (value) => value == null ? '–' : value < 10 ? value.toFixed(2) + ' ms' : value < 10000 ? Math.round(value) + ' ms' : (value / 1000).toFixed(1) + ' s'
const count = (value) => (value ?? 0).toLocaleString('en')
const mib = (bytes) => (bytes / 2 ** 20).toFixed(1) + ' MiB'
const percent = (share) => (100 * share).toFixed(1) + ' %'
const mean = (sum, n) => n > 0 ? ms(sum / n) : '–'

function fill(body, rows) {
  body.replaceChildren(...rows.map((cells) => {
    const row = document.createElement('tr')
    for (const cell of cells) {
      const data = document.createElement('td')
      data.append(cell)
      row.append(data)
    }
    return row
  }))
}

function card(value, label, isBad = false) {
  const box = document.createElement('div')
  box.className = isBad ? 'card bad' : 'card'
  const number = document.createElement('b')
  number.textContent = value
  const text = document.createElement('span')
  text.textContent = label
  box.append(number, text)
  return box
}

function draw(svg, values) {
  const known = values.filter((value) => value != null)
  const top = Math.max(1e-9, ...known) * 1.1
  const x = (i) => (300 * i) / (values.length - 1)
  const y = (value) => 88 - (84 * value) / top
  const points = values.map((value, i) => x(i).toFixed(1) + ',' + y(value ?? 0).toFixed(1)).join(' ')
  svg.innerHTML = '<polygon class="area" points="0,88 ' + points + ' 300,88"/><polyline class="line" points="' + points + '"/>'
}

function waiting(queue, most) {
  const cell = document.createElement('span')
  cell.textContent = count(queue.waiting)
  if (queue.waiting > 0) {
    const bar = document.createElement('i')
    bar.className = 'bar'
    bar.style.width = Math.max(2, (60 * queue.waiting) / most) + 'px'
    cell.append(bar)
  }
  return cell
}

function show(status) {
  const { service, windows, history, queues, cache, cacheBytes, process } = status
  const [lastMinute, fiveMinutes, quarter] = windows
  at('phase').textContent = service.phase
  at('phase').className = 'pill ' + service.phase
  at('service').textContent = service.version + ', role ' + service.role + ', up ' + Math.round(service.uptimeS / 60) + ' min'
  const tasks = Object.values(queues)
  const sum = (name) => tasks.reduce((total, queue) => total + (queue[name] ?? 0), 0)
  const lookups = cache.hits + cache.misses
  at('cards').replaceChildren(
    card(ms(lastMinute.weightedMs), 'weighted, last minute'),
    card(ms(quarter.weightedMs), 'weighted, 15 minutes'),
    card(ms(fiveMinutes.classes.critical.p99Ms), 'critical p99, 5 minutes'),
    card(lookups > 0 ? percent(cache.hits / lookups) : '–', 'from the response cache'),
    card(count(sum('shared')), 'answers shared with another'),
    card(count(sum('refused')), 'refused, too many waiting', sum('refused') > 0),
    card(ms(process.eventLoopP99Ms), 'event loop delay, p99', process.eventLoopP99Ms > 50),
    card(percent(process.eventLoopUtilization), 'event loop busy'),
  )
  draw(at('weighted'), history.map((slot) => slot.weightedMs))
  draw(at('rate'), history.map((slot) => slot.answersPerS))
  at('weighted-now').textContent = ms(history.at(-1).weightedMs ?? history.at(-2).weightedMs)
  at('rate-now').textContent = history.at(-2).answersPerS.toFixed(1)
  fill(at('classes'), Object.entries(fiveMinutes.classes).map(([name, one]) =>
    [name, count(one.answers), count(one.failed), ms(one.meanMs), ms(one.p50Ms), ms(one.p99Ms)]))
  const most = Math.max(1, ...tasks.map((queue) => queue.waiting))
  fill(at('queues'), Object.entries(queues).map(([name, queue]) => [name, count(queue.workers), count(queue.active), waiting(queue, most),
    count(queue.ended), count(queue.shared), count(queue.refused), count(queue.dropped), mean(queue.waitMs, queue.ended), mean(queue.runMs, queue.ended)]))
  fill(at('memory'), [
    ['Resident', mib(process.rssBytes)],
    ['Heap of the event loop', mib(process.heapBytes)],
    ['Response cache (' + cache.name + '), ' + count(cache.entries) + ' answers', mib(cache.bytes) + ' of ' + mib(cache.maxBytes)],
    ...Object.entries(cacheBytes).map(([name, bytes]) => ['Kept in threads: ' + name, mib(bytes)]),
  ])
  at('updated').textContent = 'updated ' + new Date().toLocaleTimeString()
}

async function update() {
  try {
    const answer = await fetch('status.json')
    show(await answer.json())
  } catch {
    at('phase').textContent = 'not answering'
    at('phase').className = 'pill away'
  }
  setTimeout(update, document.hidden ? 10000 : 2000)
}
update()
`

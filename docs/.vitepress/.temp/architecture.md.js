import { t as _plugin_vue_export_helper_default } from "./plugin-vue_export-helper.DjkACiAr.js";
import { createVNode, resolveComponent, useSSRContext, withCtx } from "vue";
import { ssrRenderAttrs, ssrRenderComponent } from "vue/server-renderer";
// docs/architecture.md
var __pageData = JSON.parse("{\"title\":\"Architecture\",\"description\":\"\",\"frontmatter\":{},\"headers\":[],\"relativePath\":\"architecture.md\",\"filePath\":\"architecture.md\"}");
var _sfc_main = { name: "architecture.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
	const _component_SiteDiagram = resolveComponent("SiteDiagram");
	_push(`<div${ssrRenderAttrs(_attrs)}><h1 id="architecture" tabindex="-1">Architecture <a class="header-anchor" href="#architecture" aria-label="Permalink to “Architecture”">​</a></h1><p>One program, in two shapes. Both have the same routes, handlers and atlas core; what differs is how a task reaches its handler. The rooms of the source are listed in <a href="/guide/contributing">CONTRIBUTING</a>.</p><h2 id="all-in-one-siibra-api-role-all" tabindex="-1">All in one: <code>siibra-api</code> (role <code>all</code>) <a class="header-anchor" href="#all-in-one-siibra-api-role-all" aria-label="Permalink to “All in one: siibra-api (role all)”">​</a></h2>`);
	_push(ssrRenderComponent(_component_SiteDiagram, { source: "flowchart%20LR%0A%20%20client(%5Bclients%5D)%0A%20%20subgraph%20process%5Bone%20process%5D%0A%20%20%20%20subgraph%20main%5Bmain%20thread%3A%20event%20loop%5D%0A%20%20%20%20%20%20adapter%5Bhttp-adapter%3Cbr%3Ehot%20path%5D%20--%3E%20kept%5B(kept%20answers%3Cbr%3Ein%20memory)%5D%0A%20%20%20%20%20%20adapter%20--%3E%20admission%5Badmission%2C%20scheduler%3Cbr%3Eweights%20by%20criticality%5D%0A%20%20%20%20end%0A%20%20%20%20subgraph%20threads%5Bworker%20threads%2C%20each%20with%20the%20atlas%20core%5D%0A%20%20%20%20%20%20core%5Bcore%5D%0A%20%20%20%20%20%20features%5Bfeatures%5D%0A%20%20%20%20%20%20volumes%5Bvolumes%5D%0A%20%20%20%20%20%20compounds%5Bcompounds%5D%0A%20%20%20%20end%0A%20%20%20%20admission%20--%20task%20--%3E%20core%20%26%20features%20%26%20volumes%20%26%20compounds%0A%20%20%20%20core%20%26%20features%20%26%20volumes%20%26%20compounds%20--%20bytes%20--%3E%20adapter%0A%20%20end%0A%20%20disk%5B(disk%20cache%20of%3Cbr%3Eremote%20bytes%3B%3Cbr%3Eanswers%20kept%20over%20restarts)%5D%0A%20%20remote%5B(configuration%2C%20mirror%2C%3Cbr%3EEBRAINS%2C%20Allen%20...)%5D%0A%20%20client%20%3C--%3E%20adapter%0A%20%20threads%20%3C--%3E%20disk%0A%20%20kept%20%3C--%3E%20disk%0A%20%20threads%20%3C--%3E%20remote%0A" }, {
		default: withCtx((_, _push, _parent, _scopeId) => {
			if (_push) _push(`<pre tabindex="0"${_scopeId}>flowchart LR
  client([clients])
  subgraph process[one process]
    subgraph main[main thread: event loop]
      adapter[http-adapter&lt;br&gt;hot path] --&gt; kept[(kept answers&lt;br&gt;in memory)]
      adapter --&gt; admission[admission, scheduler&lt;br&gt;weights by criticality]
    end
    subgraph threads[worker threads, each with the atlas core]
      core[core]
      features[features]
      volumes[volumes]
      compounds[compounds]
    end
    admission -- task --&gt; core &amp; features &amp; volumes &amp; compounds
    core &amp; features &amp; volumes &amp; compounds -- bytes --&gt; adapter
  end
  disk[(disk cache of&lt;br&gt;remote bytes;&lt;br&gt;answers kept over restarts)]
  remote[(configuration, mirror,&lt;br&gt;EBRAINS, Allen ...)]
  client &lt;--&gt; adapter
  threads &lt;--&gt; disk
  kept &lt;--&gt; disk
  threads &lt;--&gt; remote
</pre>`);
			else return [createVNode("pre", { tabindex: "0" }, "flowchart LR\n  client([clients])\n  subgraph process[one process]\n    subgraph main[main thread: event loop]\n      adapter[http-adapter<br>hot path] --> kept[(kept answers<br>in memory)]\n      adapter --> admission[admission, scheduler<br>weights by criticality]\n    end\n    subgraph threads[worker threads, each with the atlas core]\n      core[core]\n      features[features]\n      volumes[volumes]\n      compounds[compounds]\n    end\n    admission -- task --> core & features & volumes & compounds\n    core & features & volumes & compounds -- bytes --> adapter\n  end\n  disk[(disk cache of<br>remote bytes;<br>answers kept over restarts)]\n  remote[(configuration, mirror,<br>EBRAINS, Allen ...)]\n  client <--> adapter\n  threads <--> disk\n  kept <--> disk\n  threads <--> remote\n")];
		}),
		_: 1
	}, _parent));
	_push(`<p>The main thread routes, looks up and writes bytes; it holds no atlas. Threads of less critical queues have a lower priority with the operating system.</p><h2 id="server-and-workers-roles-server-and-worker" tabindex="-1">Server and workers: roles <code>server</code> and <code>worker</code> <a class="header-anchor" href="#server-and-workers-roles-server-and-worker" aria-label="Permalink to “Server and workers: roles server and worker”">​</a></h2>`);
	_push(ssrRenderComponent(_component_SiteDiagram, { source: "flowchart%20LR%0A%20%20client(%5Bclients%5D)%20%3C--%3E%20server1%5Bserver%5D%20%26%20server2%5Bserver%5D%0A%20%20subgraph%20broker%5BRedis%20or%20Valkey%5D%0A%20%20%20%20queues%5B(queues%3A%20core%2C%20features%2C%3Cbr%3Evolumes%2C%20compounds%3B%3Cbr%3Eheavy%20tasks%20in%20lanes%20of%20their%20own)%5D%0A%20%20%20%20results%5B(results%2C%20states%2C%3Cbr%3Eheartbeats)%5D%0A%20%20%20%20answers%5B(kept%20answers)%5D%0A%20%20end%0A%20%20server1%20%26%20server2%20--%20task%20of%20features%2C%20volumes%2C%20compounds%20--%3E%20queues%0A%20%20server1%20%26%20server2%20%3C--%20task%20of%20core%20--%3E%20near1%5Bthread%20of%20the%20server%3A%3Cbr%3Econfiguration%2C%20no%20volumes%5D%0A%20%20server1%20%26%20server2%20%3C--%3E%20answers%0A%20%20queues%20--%3E%20w1%5Bworker%20-Q%20features%5D%20%26%20w2%5Bworker%20-Q%20volumes%5D%20%26%20w3%5Bworker%20-Q%20compounds%5D%0A%20%20w1%20%26%20w2%20%26%20w3%20--%20bytes%20--%3E%20results%0A%20%20results%20--%3E%20server1%20%26%20server2%0A%20%20w3%20--%20bundles%20--%3E%20files%5B(shared%20folder%3Cbr%3Eor%20object%20storage)%5D%0A%20%20files%20--%3E%20server1%20%26%20server2%0A%20%20w1%20%26%20w2%20%26%20w3%20%3C--%3E%20remote%5B(configuration%2C%20mirror%2C%3Cbr%3EEBRAINS%2C%20Allen%20...)%5D%0A" }, {
		default: withCtx((_, _push, _parent, _scopeId) => {
			if (_push) _push(`<pre tabindex="0"${_scopeId}>flowchart LR
  client([clients]) &lt;--&gt; server1[server] &amp; server2[server]
  subgraph broker[Redis or Valkey]
    queues[(queues: core, features,&lt;br&gt;volumes, compounds;&lt;br&gt;heavy tasks in lanes of their own)]
    results[(results, states,&lt;br&gt;heartbeats)]
    answers[(kept answers)]
  end
  server1 &amp; server2 -- task of features, volumes, compounds --&gt; queues
  server1 &amp; server2 &lt;-- task of core --&gt; near1[thread of the server:&lt;br&gt;configuration, no volumes]
  server1 &amp; server2 &lt;--&gt; answers
  queues --&gt; w1[worker -Q features] &amp; w2[worker -Q volumes] &amp; w3[worker -Q compounds]
  w1 &amp; w2 &amp; w3 -- bytes --&gt; results
  results --&gt; server1 &amp; server2
  w3 -- bundles --&gt; files[(shared folder&lt;br&gt;or object storage)]
  files --&gt; server1 &amp; server2
  w1 &amp; w2 &amp; w3 &lt;--&gt; remote[(configuration, mirror,&lt;br&gt;EBRAINS, Allen ...)]
</pre>`);
			else return [createVNode("pre", { tabindex: "0" }, "flowchart LR\n  client([clients]) <--> server1[server] & server2[server]\n  subgraph broker[Redis or Valkey]\n    queues[(queues: core, features,<br>volumes, compounds;<br>heavy tasks in lanes of their own)]\n    results[(results, states,<br>heartbeats)]\n    answers[(kept answers)]\n  end\n  server1 & server2 -- task of features, volumes, compounds --> queues\n  server1 & server2 <-- task of core --> near1[thread of the server:<br>configuration, no volumes]\n  server1 & server2 <--> answers\n  queues --> w1[worker -Q features] & w2[worker -Q volumes] & w3[worker -Q compounds]\n  w1 & w2 & w3 -- bytes --> results\n  results --> server1 & server2\n  w3 -- bundles --> files[(shared folder<br>or object storage)]\n  files --> server1 & server2\n  w1 & w2 & w3 <--> remote[(configuration, mirror,<br>EBRAINS, Allen ...)]\n")];
		}),
		_: 1
	}, _parent));
	_push(`<p>A server runs the tasks of <code>core</code> in a thread of its own (<code>SIIBRA_API_SERVER_QUEUES</code>): they cost less than the way through the broker and back, 1.3 instead of 3.8 ms of CPU time a request over all processes. Where its data are not those of the workers (a reload that has not reached it, a configuration that it cannot read), the workers answer these, too. All else goes to workers. A worker is the same pool of threads as in role <code>all</code>, fed by BullMQ. Queues are named after the build, so that two releases share a broker without meeting (<a href="/guide/operations">operations</a>).</p><h2 id="four-requests" tabindex="-1">Four requests <a class="header-anchor" href="#four-requests" aria-label="Permalink to “Four requests”">​</a></h2><h3 id="one-that-was-answered-before" tabindex="-1">One that was answered before <a class="header-anchor" href="#one-that-was-answered-before" aria-label="Permalink to “One that was answered before”">​</a></h3>`);
	_push(ssrRenderComponent(_component_SiteDiagram, { source: "sequenceDiagram%0A%20%20participant%20C%20as%20client%0A%20%20participant%20H%20as%20hot%20path%20(main%20thread)%0A%20%20participant%20M%20as%20kept%20answers%0A%20%20C-%3E%3EH%3A%20GET%20%2Fv3_0%2Fatlases%0A%20%20H-%3E%3EM%3A%20look%20up%20by%20the%20URL%20as%20it%20was%20sent%0A%20%20M--%3E%3EH%3A%20head%20and%20bytes%2C%20encoded%20and%20with%20an%20ETag%0A%20%20H--%3E%3EC%3A%20200%20(or%20304)%2C%20x-fastapi-cache%3A%20hit%0A" }, {
		default: withCtx((_, _push, _parent, _scopeId) => {
			if (_push) _push(`<pre tabindex="0"${_scopeId}>sequenceDiagram
  participant C as client
  participant H as hot path (main thread)
  participant M as kept answers
  C-&gt;&gt;H: GET /v3_0/atlases
  H-&gt;&gt;M: look up by the URL as it was sent
  M--&gt;&gt;H: head and bytes, encoded and with an ETag
  H--&gt;&gt;C: 200 (or 304), x-fastapi-cache: hit
</pre>`);
			else return [createVNode("pre", { tabindex: "0" }, "sequenceDiagram\n  participant C as client\n  participant H as hot path (main thread)\n  participant M as kept answers\n  C->>H: GET /v3_0/atlases\n  H->>M: look up by the URL as it was sent\n  M-->>H: head and bytes, encoded and with an ETag\n  H-->>C: 200 (or 304), x-fastapi-cache: hit\n")];
		}),
		_: 1
	}, _parent));
	_push(`<p>No router, no validation, no parsing: microseconds (<a href="/guide/performance">performance</a>). What may be kept, and by whom, stands in one table (<code>server/http/kept/kept-rules.ts</code>).</p><h3 id="one-that-was-not" tabindex="-1">One that was not <a class="header-anchor" href="#one-that-was-not" aria-label="Permalink to “One that was not”">​</a></h3>`);
	_push(ssrRenderComponent(_component_SiteDiagram, { source: "sequenceDiagram%0A%20%20participant%20C%20as%20client%0A%20%20participant%20A%20as%20api%20(main%20thread)%0A%20%20participant%20D%20as%20dispatcher%0A%20%20participant%20T%20as%20thread%0A%20%20participant%20R%20as%20retrieval%0A%20%20C-%3E%3EA%3A%20GET%20%2Fv3_0%2Fregions%2Fhoc1%3Fparcellation_id%3D...%0A%20%20A-%3E%3EA%3A%20route%2C%20validate%20by%20schema%2C%20key%2C%20look%20up%3A%20a%20miss%0A%20%20A-%3E%3ED%3A%20task%20(name%2C%20parameters%2C%20criticality%2C%20deadline)%0A%20%20D-%3E%3ED%3A%20joins%20the%20same%20task%20if%20it%20is%20under%20way%20(single%20flight)%0A%20%20D-%3E%3ET%3A%20when%20its%20turn%20has%20come%0A%20%20T-%3E%3ER%3A%20bytes%20by%20URL%3A%20mirror%2C%20disk%20cache%2C%20origin%0A%20%20R--%3E%3ET%3A%20bytes%2C%20believed%20once%20they%20are%20decoded%0A%20%20T--%3E%3EA%3A%20answer%2C%20encoded%20once%20into%20bytes%2C%20with%20its%20ETag%0A%20%20A--%3E%3EC%3A%20200%2C%20kept%20by%20the%20rules%20of%20the%20route%0A" }, {
		default: withCtx((_, _push, _parent, _scopeId) => {
			if (_push) _push(`<pre tabindex="0"${_scopeId}>sequenceDiagram
  participant C as client
  participant A as api (main thread)
  participant D as dispatcher
  participant T as thread
  participant R as retrieval
  C-&gt;&gt;A: GET /v3_0/regions/hoc1?parcellation_id=...
  A-&gt;&gt;A: route, validate by schema, key, look up: a miss
  A-&gt;&gt;D: task (name, parameters, criticality, deadline)
  D-&gt;&gt;D: joins the same task if it is under way (single flight)
  D-&gt;&gt;T: when its turn has come
  T-&gt;&gt;R: bytes by URL: mirror, disk cache, origin
  R--&gt;&gt;T: bytes, believed once they are decoded
  T--&gt;&gt;A: answer, encoded once into bytes, with its ETag
  A--&gt;&gt;C: 200, kept by the rules of the route
</pre>`);
			else return [createVNode("pre", { tabindex: "0" }, "sequenceDiagram\n  participant C as client\n  participant A as api (main thread)\n  participant D as dispatcher\n  participant T as thread\n  participant R as retrieval\n  C->>A: GET /v3_0/regions/hoc1?parcellation_id=...\n  A->>A: route, validate by schema, key, look up: a miss\n  A->>D: task (name, parameters, criticality, deadline)\n  D->>D: joins the same task if it is under way (single flight)\n  D->>T: when its turn has come\n  T->>R: bytes by URL: mirror, disk cache, origin\n  R-->>T: bytes, believed once they are decoded\n  T-->>A: answer, encoded once into bytes, with its ETag\n  A-->>C: 200, kept by the rules of the route\n")];
		}),
		_: 1
	}, _parent));
	_push(`<h3 id="an-expensive-one" tabindex="-1">An expensive one <a class="header-anchor" href="#an-expensive-one" aria-label="Permalink to “An expensive one”">​</a></h3>`);
	_push(ssrRenderComponent(_component_SiteDiagram, { source: "sequenceDiagram%0A%20%20participant%20C%20as%20client%0A%20%20participant%20S%20as%20server%0A%20%20participant%20Q%20as%20queue%20(volumes)%0A%20%20participant%20W%20as%20worker%0A%20%20C-%3E%3ES%3A%20GET%20%2Fv3_0%2Fmap%2Fassign%3F...%26sigma_mm%3D10%0A%20%20S-%3E%3ES%3A%20wait%20for%20its%20turn%2C%20if%20it%20is%20less%20than%20critical%2C%20or%20refuse%20early%20(503%2C%20Retry-After)%20if%20its%20queue%20is%20full%0A%20%20S-%3E%3EQ%3A%20job%2C%20id%20%3D%20hash%20of%20the%20task%3A%20the%20same%20work%20is%20one%20job%0A%20%20Q-%3E%3EW%3A%20taken%20by%20a%20worker%20that%20has%20a%20thread%20for%20it%2C%20in%20the%20order%20of%20weight%20times%20waiting%0A%20%20W-%3E%3EW%3A%20one%20decoded%20volume%2C%20many%20points%2C%20aborted%20when%20nobody%20waits%20any%20more%0A%20%20W--%3E%3ES%3A%20result%20through%20Redis%2C%20named%20by%20an%20event%0A%20%20S--%3E%3EC%3A%20200%2C%20or%20504%20at%20the%20deadline%0A" }, {
		default: withCtx((_, _push, _parent, _scopeId) => {
			if (_push) _push(`<pre tabindex="0"${_scopeId}>sequenceDiagram
  participant C as client
  participant S as server
  participant Q as queue (volumes)
  participant W as worker
  C-&gt;&gt;S: GET /v3_0/map/assign?...&amp;sigma_mm=10
  S-&gt;&gt;S: wait for its turn, if it is less than critical, or refuse early (503, Retry-After) if its queue is full
  S-&gt;&gt;Q: job, id = hash of the task: the same work is one job
  Q-&gt;&gt;W: taken by a worker that has a thread for it, in the order of weight times waiting
  W-&gt;&gt;W: one decoded volume, many points, aborted when nobody waits any more
  W--&gt;&gt;S: result through Redis, named by an event
  S--&gt;&gt;C: 200, or 504 at the deadline
</pre>`);
			else return [createVNode("pre", { tabindex: "0" }, "sequenceDiagram\n  participant C as client\n  participant S as server\n  participant Q as queue (volumes)\n  participant W as worker\n  C->>S: GET /v3_0/map/assign?...&sigma_mm=10\n  S->>S: wait for its turn, if it is less than critical, or refuse early (503, Retry-After) if its queue is full\n  S->>Q: job, id = hash of the task: the same work is one job\n  Q->>W: taken by a worker that has a thread for it, in the order of weight times waiting\n  W->>W: one decoded volume, many points, aborted when nobody waits any more\n  W-->>S: result through Redis, named by an event\n  S-->>C: 200, or 504 at the deadline\n")];
		}),
		_: 1
	}, _parent));
	_push(`<p>Critical tasks have a queue, threads and a priority of their own, so that an expensive one never makes them wait. In role <code>all</code> the scheduler does what the queue does here.</p><h3 id="a-download" tabindex="-1">A download <a class="header-anchor" href="#a-download" aria-label="Permalink to “A download”">​</a></h3>`);
	_push(ssrRenderComponent(_component_SiteDiagram, { source: "sequenceDiagram%0A%20%20participant%20C%20as%20client%0A%20%20participant%20S%20as%20server%0A%20%20participant%20W%20as%20worker%20(compounds)%0A%20%20participant%20F%20as%20shared%20folder%2C%20bucket%20or%20result%20backend%0A%20%20C-%3E%3ES%3A%20GET%20%2Fv3_0%2Fatlas_download%3F...%0A%20%20S--%3E%3EC%3A%20task_id%0A%20%20S-%3E%3EW%3A%20long%20task%0A%20%20loop%20until%20it%20is%20done%0A%20%20%20%20C-%3E%3ES%3A%20GET%20%2Fv3_0%2Fatlas_download%2F%7Btask_id%7D%0A%20%20%20%20S--%3E%3EC%3A%20status%2C%20fraction%2C%20what%20it%20is%20doing%0A%20%20end%0A%20%20W-%3E%3EF%3A%20bundle%20(zip)%0A%20%20C-%3E%3ES%3A%20GET%20%2Fv3_0%2Fatlas_download%2F%7Btask_id%7D%2Fdownload%0A%20%20S-%3E%3EF%3A%20read%2C%20by%20ranges%20where%20the%20client%20asks%20for%20them%0A%20%20S--%3E%3EC%3A%20bundle%2C%20streamed%0A" }, {
		default: withCtx((_, _push, _parent, _scopeId) => {
			if (_push) _push(`<pre tabindex="0"${_scopeId}>sequenceDiagram
  participant C as client
  participant S as server
  participant W as worker (compounds)
  participant F as shared folder, bucket or result backend
  C-&gt;&gt;S: GET /v3_0/atlas_download?...
  S--&gt;&gt;C: task_id
  S-&gt;&gt;W: long task
  loop until it is done
    C-&gt;&gt;S: GET /v3_0/atlas_download/{task_id}
    S--&gt;&gt;C: status, fraction, what it is doing
  end
  W-&gt;&gt;F: bundle (zip)
  C-&gt;&gt;S: GET /v3_0/atlas_download/{task_id}/download
  S-&gt;&gt;F: read, by ranges where the client asks for them
  S--&gt;&gt;C: bundle, streamed
</pre>`);
			else return [createVNode("pre", { tabindex: "0" }, "sequenceDiagram\n  participant C as client\n  participant S as server\n  participant W as worker (compounds)\n  participant F as shared folder, bucket or result backend\n  C->>S: GET /v3_0/atlas_download?...\n  S-->>C: task_id\n  S->>W: long task\n  loop until it is done\n    C->>S: GET /v3_0/atlas_download/{task_id}\n    S-->>C: status, fraction, what it is doing\n  end\n  W->>F: bundle (zip)\n  C->>S: GET /v3_0/atlas_download/{task_id}/download\n  S->>F: read, by ranges where the client asks for them\n  S-->>C: bundle, streamed\n")];
		}),
		_: 1
	}, _parent));
	_push(`<p>In role <code>all</code> the first request answers with the bundle itself.</p></div>`);
}
var _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
	const ssrContext = useSSRContext();
	(ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("architecture.md");
	return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
var architecture_default = /*#__PURE__*/ _plugin_vue_export_helper_default(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export { __pageData, architecture_default as default };

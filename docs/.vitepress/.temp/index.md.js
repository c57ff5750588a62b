import { t as _plugin_vue_export_helper_default } from "./plugin-vue_export-helper.DjkACiAr.js";
import { useSSRContext } from "vue";
import { ssrRenderAttrs } from "vue/server-renderer";
// docs/index.md
var __pageData = JSON.parse("{\"title\":\"siibra-api: the guide\",\"description\":\"\",\"frontmatter\":{},\"headers\":[],\"relativePath\":\"index.md\",\"filePath\":\"index.md\"}");
var _sfc_main = { name: "index.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
	_push(`<div${ssrRenderAttrs(_attrs)}><h1 id="siibra-api-the-guide" tabindex="-1">siibra-api: the guide <a class="header-anchor" href="#siibra-api-the-guide" aria-label="Permalink to “siibra-api: the guide”">​</a></h1><p>siibra-api gives brain atlases to programs and to people: the names of regions and how they are parts of each other, maps of them in standard spaces, and the data that were measured there (receptors, cells, genes, connections, recordings). It is a web service: whatever can open an address can use it, a browser, <code>curl</code>, Python, R, MATLAB or a spreadsheet.</p><ul><li><strong>To look at a brain</strong>, open the first page of the service (<code>/</code>): click a region, read what is known of it, and take along the request that made it.</li><li><strong>To try it on your machine</strong>, <a href="/guide/start">start in a minute</a>. It comes with a made-up <a href="/guide/demo">demo atlas</a>, so nothing has to be downloaded.</li><li><strong>To do a certain thing</strong>, look it up in the <a href="/guide/cookbook">cookbook</a>: each recipe in curl, Python and JavaScript, with what it prints.</li><li><strong>To know what the words mean</strong> (parcellation, space, coordinate, probability), read the <a href="/guide/concepts">concepts</a>.</li><li><strong>To serve an atlas of your own</strong>, a NIfTI file and a list of names are <a href="/guide/own-atlas">enough</a>.</li><li><strong>To run it for others</strong>, read <a href="/guide/deployment">deployment</a>; and <a href="/guide/uploads">what happens to what they upload</a>.</li><li><strong>Coming from the Python service</strong>, read <a href="/guide/moving">what moves and how</a>.</li></ul><p>Every route, with its parameters and answers, is described by the service itself at <code>/docs</code>. Programs that read find the pages of this guide listed in <code>/llms.txt</code>, and as Markdown at their addresses with <code>.md</code> behind.</p></div>`);
}
var _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
	const ssrContext = useSSRContext();
	(ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("index.md");
	return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
var docs_default = /*#__PURE__*/ _plugin_vue_export_helper_default(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export { __pageData, docs_default as default };

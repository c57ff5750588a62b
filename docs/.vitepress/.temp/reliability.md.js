import { t as _plugin_vue_export_helper_default } from "./plugin-vue_export-helper.DjkACiAr.js";
import { useSSRContext } from "vue";
import { ssrRenderAttrs } from "vue/server-renderer";
// docs/reliability.md
var __pageData = JSON.parse("{\"title\":\"Reliability\",\"description\":\"\",\"frontmatter\":{},\"headers\":[],\"relativePath\":\"reliability.md\",\"filePath\":\"reliability.md\"}");
var _sfc_main = { name: "reliability.md" };
function _sfc_ssrRender(_ctx, _push, _parent, _attrs, $props, $setup, $data, $options) {
	_push(`<div${ssrRenderAttrs(_attrs)}><h1 id="reliability" tabindex="-1">Reliability <a class="header-anchor" href="#reliability" aria-label="Permalink to “Reliability”">​</a></h1><p>What was tried, how much of it, what came back, and how to try it again. Every number was counted by the command beside it, on a machine with two cores that did other things, too (times are upper bounds).</p><h2 id="faults-under-load" tabindex="-1">Faults under load <a class="header-anchor" href="#faults-under-load" aria-label="Permalink to “Faults under load”">​</a></h2><p><code>npm run chaos</code> (some twelve minutes; <code>-- --short</code> for the form of CI, about two). The built service answers 25 kinds of requests of all queues from eight clients without a pause, two of three past the response cache; each answer is compared, byte for byte, with what the service gave before the fault. A request is <em>right</em>; <em>refused</em> (502, 503, 504 with the error envelope, 503 and 504 with <code>Retry-After</code>; or in part, which <code>x-siibra-gaps</code> says); <em>wrong</em> (any other answer, any 500, an error without the envelope); or <em>lost</em> (no answer within 45 s, one cut short). Wrong and lost have to be 0. <em>Normal after</em> is when the last request began that was not right, counted from the end of the fault: at most 5 s, and 30 s where a source had been broken. Redis, the way to it, the sources of data and all processes are the program&#39;s own.</p></div>`);
}
var _sfc_setup = _sfc_main.setup;
_sfc_main.setup = (props, ctx) => {
	const ssrContext = useSSRContext();
	(ssrContext.modules || (ssrContext.modules = /* @__PURE__ */ new Set())).add("reliability.md");
	return _sfc_setup ? _sfc_setup(props, ctx) : void 0;
};
var reliability_default = /*#__PURE__*/ _plugin_vue_export_helper_default(_sfc_main, [["ssrRender", _sfc_ssrRender]]);
export { __pageData, reliability_default as default };

/**
 * Spans of the service, by OTLP over HTTP (JSON) to a collector. Needs four packages beside the service:
 *
 *   npm install @opentelemetry/api@1.9 @opentelemetry/resources@2 @opentelemetry/sdk-trace-node@2 @opentelemetry/exporter-trace-otlp-http@0.223
 *   SIIBRA_API_TRACING=1 OTEL_SERVICE_NAME=siibra-api NODE_OPTIONS="--import=file:///path/to/register.mjs" node dist/main.js
 *
 * What OpenTelemetry's own variables say counts: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_ENDPOINT (default
 * http://localhost:4318), OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER (and _ARG), OTEL_BSP_SCHEDULE_DELAY. It is loaded in each thread of the
 * service, as node passes options on; it instruments nothing else, as spans of Redis and files would outnumber those that tell something.
 */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, detectResources, envDetector } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

const resource = defaultResource().merge(detectResources({ detectors: [envDetector] }))
const spanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter())]
new NodeTracerProvider({ resource, spanProcessors }).register()

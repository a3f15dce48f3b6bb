package dev.spandrel.agent.control;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.spandrel.contract.ProtocolNames;
import dev.spandrel.contract.v1.Protocol;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.TraceConfig;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a newer operator says that this agent does not know. Pure. */
final class Unknown {
    private Unknown() {}

    /** Message and field number, e.g. TraceConfig.20, or a protocol's number; of everything in the push. */
    static Set<String> in(Push push) {
        var unknown = new TreeSet<String>();
        collect(push, unknown);
        return unknown;
    }

    /** Numbers of the fields of TraceConfig that this agent knows. */
    static List<Integer> known() {
        return TraceConfig.getDescriptor().getFields().stream()
                .map(FieldDescriptor::getNumber)
                .toList();
    }

    /** Numbers of the protocols. */
    static List<Integer> knownProtocols() {
        return ProtocolNames.known().stream().map(Protocol::getNumber).toList();
    }

    private static void collect(Message message, Set<String> unknown) {
        for (int number : message.getUnknownFields().asMap().keySet())
            unknown.add(message.getDescriptorForType().getName() + "." + number);
        if (message instanceof TraceConfig config)
            for (int number : config.getProtocolsValueList())
                if (Protocol.forNumber(number) == null) unknown.add("protocol " + number);
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) return;
            if (value instanceof List<?> list) list.forEach(element -> collect((Message) element, unknown));
            else collect((Message) value, unknown);
        });
    }
}

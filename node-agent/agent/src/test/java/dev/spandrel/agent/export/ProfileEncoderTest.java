package dev.spandrel.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.spandrel.probe.live.profile.Frame;
import dev.spandrel.probe.live.profile.Profile;
import dev.spandrel.probe.live.profile.Site;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.profiles.v1development.Link;
import io.opentelemetry.proto.profiles.v1development.Location;
import io.opentelemetry.proto.profiles.v1development.Mapping;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import io.opentelemetry.proto.profiles.v1development.Sample;
import io.opentelemetry.proto.profiles.v1development.Stack;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Read with the protocol's own classes. */
class ProfileEncoderTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final Frame WRITE = Frame.kernel("ksys_write");
    private static final Frame CALL = new Frame("write", "/lib/libc.so.6", 0x1234, Frame.Kind.NATIVE);
    private static final Frame MADE = new Frame("", "", 0, Frame.Kind.OTHER);

    @Test
    void isWhatTheProtocolReads() throws Exception {
        Site served = new Site(
                List.of(WRITE, CALL),
                new TreeMap<>(Map.of("comm", "nginx", "size", 7L)),
                Optional.of(new Site.Request(TRACE, SPAN)));
        Site other = new Site(List.of(CALL, MADE), new TreeMap<>(Map.of("comm", "nginx")), Optional.empty());
        var request = ExportProfilesServiceRequest.parseFrom(ProfileEncoder.encode(
                List.of(profile("a", "cpu", Map.of(served, 3L)), profile("b", "cpu", Map.of(other, -1L)))));
        ProfilesDictionary tables = request.getDictionary();

        assertThat(tables.getMappingTable(0)).isEqualTo(Mapping.getDefaultInstance());
        assertThat(tables.getLocationTable(0)).isEqualTo(Location.getDefaultInstance());
        assertThat(tables.getLinkTable(0)).isEqualTo(Link.getDefaultInstance());
        assertThat(tables.getStackTable(0)).isEqualTo(Stack.getDefaultInstance());
        assertThat(tables.getAttributeTable(0).hasValue()).isFalse();
        assertThat(tables.getStringTable(0)).isEmpty();
        assertThat(tables.getStringTableList()).as("each once").doesNotHaveDuplicates();

        var first = request.getResourceProfiles(0);
        assertThat(first.getResource().getAttributes(0).getValue().getStringValue())
                .isEqualTo("a");
        assertThat(first.getScopeProfiles(0).getScope().getName()).isEqualTo("scope");
        var profile = first.getScopeProfiles(0).getProfiles(0);
        assertThat(tables.getStringTable(profile.getSampleType().getTypeStrindex()))
                .isEqualTo("cpu");
        assertThat(tables.getStringTable(profile.getSampleType().getUnitStrindex()))
                .isEqualTo("count");
        assertThat(profile.getTimeUnixNano()).isEqualTo(1_000);
        assertThat(profile.getDurationNano()).isEqualTo(500);
        assertThat(profile.getProfileId().size()).isEqualTo(16);

        Sample sample = profile.getSamples(0);
        assertThat(sample.getValuesList()).containsExactly(3L);
        assertThat(frames(tables, sample)).containsExactly("[kernel] ksys_write kernel", "/lib/libc.so.6 write native");
        assertThat(sample.getAttributeIndicesList().stream()
                        .map(tables::getAttributeTable)
                        .map(one -> tables.getStringTable(one.getKeyStrindex()) + "="
                                + one.getValue().getStringValue()
                                + one.getValue().getIntValue()))
                .containsExactly("comm=nginx0", "size=7");
        Link link = tables.getLinkTable(sample.getLinkIndex());
        assertThat(link.getTraceId())
                .isEqualTo(ByteString.copyFrom(HexFormat.of().parseHex(TRACE)));
        assertThat(link.getSpanId())
                .isEqualTo(ByteString.copyFrom(HexFormat.of().parseHex(SPAN)));

        Sample second = request.getResourceProfiles(1)
                .getScopeProfiles(0)
                .getProfiles(0)
                .getSamples(0);
        assertThat(second.getValuesList()).containsExactly(-1L);
        assertThat(second.getLinkIndex()).isZero();
        assertThat(frames(tables, second)).containsExactly("/lib/libc.so.6 write native", "");
        assertThat(tables.getStackTable(second.getStackIndex()).getLocationIndices(0))
                .as("a frame of both is there once")
                .isEqualTo(tables.getStackTable(sample.getStackIndex()).getLocationIndices(1));
    }

    private static List<String> frames(ProfilesDictionary tables, Sample sample) {
        return tables.getStackTable(sample.getStackIndex()).getLocationIndicesList().stream()
                .map(tables::getLocationTable)
                .map(at -> String.join(
                                " ",
                                tables.getStringTable(tables.getMappingTable(at.getMappingIndex())
                                        .getFilenameStrindex()),
                                at.getLinesCount() == 0
                                        ? ""
                                        : tables.getStringTable(tables.getFunctionTable(
                                                        at.getLines(0).getFunctionIndex())
                                                .getNameStrindex()),
                                at.getAttributeIndicesCount() == 0
                                        ? ""
                                        : tables.getAttributeTable(at.getAttributeIndices(0))
                                                .getValue()
                                                .getStringValue())
                        .strip())
                .toList();
    }

    private static CollectedProfile profile(String pod, String type, Map<Site, Long> samples) {
        return new CollectedProfile(
                Resource.create(Attributes.builder().put("k8s.pod.name", pod).build()),
                InstrumentationScopeInfo.create("scope"),
                new Profile(type, "count", samples),
                1_000,
                1_500);
    }
}

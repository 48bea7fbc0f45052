//! Rows of the codes with status 409 and above: the request was read, but could not be carried out.
//!
//! For: the wording, in both languages. Not for: anything that is computed.

use super::{Code, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        code: Code::ActionRefused,
        name: "action_refused",
        status: 409,
        title_vi: "Thao tác không được phép ở trạng thái này",
        title_en: "Action refused",
        text_vi: "Quy trình biên tập không cho phép thao tác này khi nội dung đang ở trạng thái \
            hiện tại, hoặc chính người thực hiện không được làm, chẳng hạn tác giả tự duyệt bài \
            của mình. `reason` nêu lý do, `allowed_actions` liệt kê các thao tác đang được phép. \
            Hãy tải lại nội dung rồi chọn một trong các thao tác đó.",
        text_en: "The editorial workflow does not allow this action in the present state, or not \
            to this person, for example an author approving their own work. `reason` says why, and \
            `allowed_actions` lists what is allowed now. Read the entry again and choose one of \
            those.",
    },
    Row {
        code: Code::OpenEditionExists,
        name: "open_edition_exists",
        status: 409,
        title_vi: "Đã có phiên bản đang soạn",
        title_en: "An open edition exists",
        text_vi: "Mỗi nội dung chỉ có một phiên bản đang soạn tại một thời điểm, và phiên bản đó \
            đã được mở từ trước. `allowed_actions` cho biết có thể làm gì với phiên bản ấy. Hãy \
            đọc nội dung và sửa tiếp phiên bản đang mở thay vì mở phiên bản mới.",
        text_en: "An entry has at most one open edition at a time, and this one has it already. \
            `allowed_actions` says what can be done with it. Read the entry and go on with its \
            open edition instead of starting another.",
    },
    Row {
        code: Code::NoOpenEdition,
        name: "no_open_edition",
        status: 409,
        title_vi: "Không có phiên bản đang soạn",
        title_en: "No open edition",
        text_vi: "Thao tác cần một phiên bản đang soạn, nhưng nội dung này chỉ có phiên bản đã \
            công bố, đã gỡ hoặc đã lưu trữ. Hãy thực hiện `revise` để mở phiên bản mới nếu thao \
            tác này có trong `allowed_actions`. Sau đó gửi lại với `ETag` mới.",
        text_en: "The operation needs an open edition, and this entry has only a published, \
            withdrawn or archived one. Use `revise` to open a new edition, if `allowed_actions` \
            lists it. Then send the request again with the new `ETag`.",
    },
    Row {
        code: Code::NotDeletable,
        name: "not_deletable",
        status: 409,
        title_vi: "Không thể xóa",
        title_en: "Not deletable",
        text_vi: "Chỉ xóa được nội dung chưa từng được gửi duyệt; những gì đã vào quy trình hoặc \
            đã có nội dung bên trong phải được giữ lại để tra cứu. `reason` nêu lý do cụ thể. Hãy \
            gỡ, lưu trữ hoặc ngừng sử dụng thay cho xóa, theo `allowed_actions`.",
        text_en: "Only what was never submitted can be deleted; what has entered the workflow, or \
            has content in it, is kept for the record. `reason` says which it is. Withdraw, \
            archive or deactivate it instead, as `allowed_actions` permits.",
    },
    Row {
        code: Code::StateConflict,
        name: "state_conflict",
        status: 409,
        title_vi: "Xung đột với trạng thái hiện tại",
        title_en: "Conflict with the present state",
        text_vi: "Yêu cầu hợp lệ nhưng trái với trạng thái hiện tại của dữ liệu, chẳng hạn trang \
            đã đóng hoặc chỉ cho đọc, hoặc giai đoạn hiệu lực của một đơn vị chồng lên giai đoạn \
            khác. `reason` nêu lý do, `allowed_actions` liệt kê những gì có thể làm nếu có. Hãy \
            tải lại đối tượng trước khi quyết định bước tiếp theo.",
        text_en: "The request is valid, but clashes with the present state of the data, for \
            example a site that is closed or read-only, or a unit's period that overlaps another. \
            `reason` says why, and `allowed_actions` lists what can be done, if anything. Read the \
            object again before deciding on the next step.",
    },
    Row {
        code: Code::IdempotencyInProgress,
        name: "idempotency_in_progress",
        status: 409,
        title_vi: "Yêu cầu trước đang được xử lý",
        title_en: "The first request is still running",
        text_vi: "Một yêu cầu có cùng `Idempotency-Key` đang được xử lý và chưa có kết quả. Hãy \
            chờ ít giây rồi gửi lại nguyên văn với cùng khóa để nhận kết quả của lần đầu. Không \
            tạo khóa mới, vì thao tác có thể bị thực hiện hai lần.",
        text_en: "A request with the same `Idempotency-Key` is running and has no result yet. Wait \
            a few seconds and send the same request with the same key to get the first one's \
            result. Do not make a new key, or the operation may be done twice.",
    },
    Row {
        code: Code::Withdrawn,
        name: "withdrawn",
        status: 410,
        title_vi: "Nội dung đã được gỡ",
        title_en: "Withdrawn",
        text_vi: "Nội dung từng được công bố tại địa chỉ này và đã được cơ quan chủ quản gỡ xuống. \
            Phần trả lời nêu lý do công khai và nội dung thay thế, nếu có. Hãy xóa bản đã lưu, gỡ \
            liên kết và dẫn người đọc đến nội dung thay thế.",
        text_en: "The content was published at this address, and the body responsible has \
            withdrawn it. The answer gives the public reason and the successor, if there is one. \
            Drop stored copies and links, and lead readers to the successor.",
    },
    Row {
        code: Code::Expired,
        name: "expired",
        status: 410,
        title_vi: "Nội dung đã hết thời hạn công bố",
        title_en: "Expired",
        text_vi: "Nội dung được công bố có thời hạn và thời hạn đó đã qua, nên hệ thống tự động gỡ \
            xuống. Phần trả lời nêu nội dung thay thế, nếu có. Hãy xóa bản đã lưu và không yêu cầu \
            lại địa chỉ này.",
        text_en: "The content was published for a limited time, which is over, so the system \
            withdrew it. The answer gives the successor, if there is one. Drop stored copies and \
            do not ask for this address again.",
    },
    Row {
        code: Code::Expunged,
        name: "expunged",
        status: 410,
        title_vi: "Nội dung đã bị xóa vĩnh viễn",
        title_en: "Expunged",
        text_vi: "Bản lưu này từng có nội dung, nhưng hai người có thẩm quyền đã xóa vĩnh viễn, \
            chẳng hạn vì có dữ liệu cá nhân. Lịch sử vẫn giữ số, tác giả, thời điểm và mã băm của \
            bản lưu, với `expunged_at`. Hãy xóa mọi bản sao đã lưu; nội dung không thể khôi phục.",
        text_en: "The revision had content once, and two persons with the right to do so have taken \
            it away for good, for example because of personal data. The history keeps its number, \
            author, time and hash, with `expunged_at`. Drop stored copies; the content cannot be \
            restored.",
    },
    Row {
        code: Code::PreconditionFailed,
        name: "precondition_failed",
        status: 412,
        title_vi: "Dữ liệu đã được thay đổi",
        title_en: "Changed since it was read",
        text_vi: "Giá trị `If-Match` không còn là phiên bản hiện tại: có người khác đã sửa đối \
            tượng sau lần đọc gần nhất. Không có gì được ghi. Hãy đọc lại để lấy `ETag` mới, đối \
            chiếu hai bản rồi gửi lại; không tự động ghi đè.",
        text_en: "The value of `If-Match` is no longer the present version: someone else has \
            changed the object since it was read. Nothing was written. Read it again for the new \
            `ETag`, compare the two and send the request again; do not overwrite unseen.",
    },
    Row {
        code: Code::PayloadTooLarge,
        name: "payload_too_large",
        status: 413,
        title_vi: "Nội dung gửi lên quá lớn",
        title_en: "Body too large",
        text_vi: "Nội dung gửi lên vượt quá dung lượng mà đường dẫn này nhận. `detail` nêu giới \
            hạn. Hãy giảm dung lượng hoặc chia nhỏ nội dung trước khi gửi lại.",
        text_en: "The request body is larger than this route takes. `detail` gives the limit. Make \
            the body smaller or split it before sending it again.",
    },
    Row {
        code: Code::UriTooLong,
        name: "uri_too_long",
        status: 414,
        title_vi: "Địa chỉ quá dài",
        title_en: "Address too long",
        text_vi: "Đường dẫn và chuỗi truy vấn dài hơn mức máy chủ nhận. Hãy bớt giá trị trong bộ \
            lọc hoặc chia thành nhiều yêu cầu.",
        text_en: "The path and query string are longer than the server takes. Use fewer filter \
            values, or split the request into several.",
    },
    Row {
        code: Code::UnsupportedMediaType,
        name: "unsupported_media_type",
        status: 415,
        title_vi: "Định dạng nội dung không được hỗ trợ",
        title_en: "Unsupported media type",
        text_vi: "Tiêu đề `Content-Type` bị thiếu hoặc nêu định dạng mà đường dẫn này không đọc, \
            hoặc `Content-Encoding` không được hỗ trợ. Với JSON, hãy gửi `application/json` bằng \
            UTF-8.",
        text_en: "The `Content-Type` header is missing or names a format this route does not read, \
            or the `Content-Encoding` is not supported. Send JSON as `application/json` in UTF-8.",
    },
    Row {
        code: Code::InvalidContent,
        name: "invalid_content",
        status: 422,
        title_vi: "Nội dung không hợp lệ",
        title_en: "Invalid content",
        text_vi: "JSON đúng cú pháp nhưng nội dung không đạt yêu cầu: thiếu trường bắt buộc, sai \
            kiểu, sai quy tắc, hoặc có trường không được khai báo. `errors` liệt kê mọi chỗ sai, \
            mỗi chỗ có `pointer`, `code` và `detail`. Hãy hiển thị từng lỗi cạnh trường tương ứng, \
            sửa rồi gửi lại.",
        text_en: "The JSON is well-formed, but its content is not acceptable: a required field is \
            missing, a value has the wrong type or breaks a rule, or a member is not declared. \
            `errors` lists every fault with its `pointer`, `code` and `detail`. Show each beside \
            its field, correct them and send the request again.",
    },
    Row {
        code: Code::IdempotencyKeyReused,
        name: "idempotency_key_reused",
        status: 422,
        title_vi: "Khóa chống gửi trùng đã dùng cho yêu cầu khác",
        title_en: "Idempotency key used for another request",
        text_vi: "Trong 24 giờ qua, khóa trong `Idempotency-Key` đã được dùng trên đường dẫn này \
            với nội dung khác. Không có gì được thực hiện. Nếu đây là thao tác mới, hãy tạo khóa \
            mới; nếu là gửi lại, hãy gửi đúng nội dung ban đầu.",
        text_en: "Within the last 24 hours the key in `Idempotency-Key` was used on this route \
            with another body. Nothing was done. For a new operation make a new key; to repeat the \
            old one, send exactly its body.",
    },
    Row {
        code: Code::PreconditionRequired,
        name: "precondition_required",
        status: 428,
        title_vi: "Thiếu tiêu đề If-Match",
        title_en: "If-Match is missing",
        text_vi: "Đối tượng này có phiên bản, nên mọi thao tác ghi phải kèm `If-Match` để không \
            ghi đè thay đổi của người khác. Hãy đọc đối tượng, lấy giá trị `ETag` và gửi lại với \
            giá trị đó trong `If-Match`.",
        text_en: "The object is versioned, so every write to it must carry `If-Match`, so that it \
            cannot overwrite someone else's change. Read the object, take its `ETag` and send the \
            request again with that value in `If-Match`.",
    },
    Row {
        code: Code::TooManyRequests,
        name: "too_many_requests",
        status: 429,
        title_vi: "Quá nhiều yêu cầu",
        title_en: "Too many requests",
        text_vi: "Số yêu cầu hoặc số lần đăng nhập sai trong một khoảng thời gian đã vượt giới \
            hạn. Hãy chờ hết số giây nêu trong `Retry-After` rồi mới gửi lại. Các tiêu đề \
            `RateLimit` và `RateLimit-Policy`, nếu có, cho biết giới hạn và phần còn lại.",
        text_en: "The number of requests or of failed sign-ins in a window has passed its limit. \
            Wait the number of seconds in `Retry-After` before sending anything again. The headers \
            `RateLimit` and `RateLimit-Policy`, where present, give the limit and what is left.",
    },
    INTERNAL,
    Row {
        code: Code::Unavailable,
        name: "unavailable",
        status: 503,
        title_vi: "Tạm thời không phục vụ được",
        title_en: "Temporarily unavailable",
        text_vi: "Cơ sở dữ liệu đang bận, không liên lạc được hoặc không ghi được, hoặc máy chủ \
            đang dừng để bảo trì. Hãy gửi lại sau số giây nêu trong `Retry-After` và tăng dần \
            khoảng chờ. Khi tạo mới, hãy giữ nguyên `Idempotency-Key` để không bị thực hiện hai \
            lần.",
        text_en: "The database is busy, away or cannot be written, or the server is down for \
            maintenance. Send the request again after the number of seconds in `Retry-After`, and \
            wait longer each time. When creating, keep the same `Idempotency-Key`, so that nothing \
            is done twice.",
    },
    Row {
        code: Code::StorageFull,
        name: "storage_full",
        status: 507,
        title_vi: "Hết dung lượng lưu trữ",
        title_en: "Storage is full",
        text_vi: "Máy chủ không còn chỗ để ghi dữ liệu; không có gì được lưu, việc đọc vẫn bình \
            thường. Gửi lại ngay sẽ không có kết quả. Hãy giữ nội dung ở phía ứng dụng và báo cho \
            quản trị viên hệ thống.",
        text_en: "The server has no space left to write to; nothing was stored, and reading goes \
            on as usual. Sending the request again at once will not help. Keep the content in the \
            client and tell the system's administrator.",
    },
];

/// Has a name of its own because the lookup needs a row to end on.
pub(super) const INTERNAL: Row = Row {
    code: Code::Internal,
    name: "internal",
    status: 500,
    title_vi: "Lỗi máy chủ",
    title_en: "Server fault",
    text_vi: "Máy chủ gặp lỗi ngoài dự kiến; đây không phải lỗi của yêu cầu. Chi tiết chỉ được ghi \
        trong nhật ký máy chủ dưới `trace_id`. Có thể thử lại một lần sau ít phút; nếu lỗi còn, \
        hãy báo quản trị viên kèm `trace_id`.",
    text_en: "The server met a fault it did not foresee; the request is not to blame. The details \
        are only in the server's log, under `trace_id`. Try once more after some minutes; if it \
        persists, tell an administrator the `trace_id`.",
};
